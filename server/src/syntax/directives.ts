/** `# peek: EXPRESSION` comments, and the class each stands by. */

import type { Directive } from '../model/moduleClass';
import { classAt } from './fileDirectives';
import type { FileClass } from './interpret/values';
import type { LineIndex } from './lineIndex';
import type { SyntaxNode } from './parser';

const COMMENT = /#[ \t]*peek:[ \t]*(?<expression>[^\r\n]*)/g;

export function directivesIn(root: SyntaxNode, lines: LineIndex, classes: readonly FileClass[]): Directive[] {
  const placed = classes.map(({ name, node }) => ({ ...node, name }));
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
        className: classAt(match.index, lines, placed)?.name ?? null,
      },
    ];
  });
}
