/** The parts of a string literal. */

import type { ReadableNode } from '../parser';
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

const OPENING = /^([a-zA-Z]*)("""|'''|"|')/;

/** True for a literal that may have interpolations; of others the children tell nothing that the text does not. */
export function isFormatted(text: string, start: number): boolean {
  for (let at = start; ; at += 1) {
    switch (text[at]) {
      case 'f':
      case 'F':
      case 't':
      case 'T':
        return true;
      case 'r':
      case 'R':
      case 'b':
      case 'B':
      case 'u':
      case 'U':
        break;
      default:
        return false;
    }
  }
}

/** Literal text, and the interpolations of an f-string. A format such as `{i:02d}` is not applied: its value stays open. */
export function stringParts(node: ReadableNode, lowering: ExpressionLowering): (string | Expression)[] {
  if (!isFormatted(lowering.text, node.startIndex)) {
    const content = contentOf(lowering.source(node));
    return content === '' ? [] : [content];
  }
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

/** Of a literal with its prefix and quotes, the last of which broken code may lack. */
function contentOf(literal: string): string {
  const [opening = '', prefix = '', quotes = ''] = OPENING.exec(literal) ?? [];
  const closed = literal.length >= opening.length + quotes.length && literal.endsWith(quotes);
  const content = literal.slice(opening.length, closed ? literal.length - quotes.length : undefined);
  return /r/i.test(prefix) ? content : unescaped(content);
}

function unescaped(text: string): string {
  return !text.includes('\\') ? text : text.replace(/\\([\s\S])/g, (all, letter: string) => ESCAPES[letter] ?? all);
}
