/** The parts of a string literal. */

import type { SyntaxNode } from '../parser';
import type { Expression } from './ast';
import type { ExpressionLowering } from './lowerExpression';

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  '\\': '\\',
  "'": "'",
  '"': '"',
  '\n': '',
};

/** Literal text, and the interpolations of an f-string. A format such as `{i:02d}` is not applied: its value stays open. */
export function stringParts(node: SyntaxNode, lowering: ExpressionLowering): (string | Expression)[] {
  return node.namedChildren.flatMap((child): (string | Expression)[] => {
    if (child.type === 'string_content') {
      return [unescaped(lowering.source(child))];
    }
    if (child.type !== 'interpolation') {
      return [];
    }
    const formatted = child.namedChildren.some(
      (one) => one.type === 'format_specifier' || one.type === 'type_conversion',
    );
    return [formatted ? { ...lowering.span(child), kind: 'other', parts: [] } : lowering.field(child, 'expression')];
  });
}

function unescaped(text: string): string {
  return text.replace(/\\([\s\S])/g, (all, letter: string) => ESCAPES[letter] ?? all);
}
