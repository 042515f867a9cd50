/** `# peek: EXPRESSION` comments, and the class each stands by. */

import type { Directive } from '../model/moduleClass';
import type { FileClass } from './interpret/values';
import type { LineIndex } from './lineIndex';
import type { SyntaxNode } from './parser';

const COMMENT = /#[ \t]*peek:[ \t]*(?<expression>[^\r\n]*)/g;

export function directivesIn(root: SyntaxNode, lines: LineIndex, classes: readonly FileClass[]): Directive[] {
  return [...lines.text.matchAll(COMMENT)].flatMap((match): Directive[] => {
    // The same words in a string, or further back in another comment, are no directive.
    const node = root.descendantForIndex(match.index, match.index);
    if (node?.type !== 'comment' || node.startIndex !== match.index) {
      return [];
    }
    const written = match.groups?.expression ?? '';
    const expression = written.trimEnd();
    const start = match.index + match[0].length - written.length;
    return [
      {
        expression,
        range: lines.range(node.startIndex, node.endIndex),
        expressionRange: lines.range(start, start + expression.length),
        className: classAt(match.index, lines, classes)?.name ?? null,
      },
    ];
  });
}

/** The class on whose header line, directly above which, or as whose first lines the comment stands. */
function classAt(offset: number, lines: LineIndex, classes: readonly FileClass[]): FileClass | null {
  const { line } = lines.position(offset);
  const ownLine = /^\s*#/.test(lines.line(line));
  const found = classes.filter(({ node }) => {
    const first = lines.position(node.outerStart).line;
    const header = lines.position(node.headerEnd).line;
    if (!ownLine) {
      return offset >= node.start && line <= header;
    }
    if (line < first) {
      return range(line, first).every((one) => /^\s*#/.test(lines.line(one)));
    }
    return line > header && range(header + 1, line).every((one) => /^\s*(#|$)/.test(lines.line(one)));
  });
  return found.at(-1) ?? null;
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, index) => from + index);
}
