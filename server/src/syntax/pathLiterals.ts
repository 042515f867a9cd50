/** String literals that an expression gives, and what stands between their quotes. Pure. */

import type { PathScope } from './pathScope';
import type { Expression, Span } from './python/ast';

export type Literal = Extract<Expression, { kind: 'string' }>;

/** Lists are looked into that deep: `[["conv", "bn"]]`. */
const MAX_DEPTH = 4;

/** The literals that an expression gives: itself, items, keys, or those of the name it is. */
export function literalsIn(one: Expression, scope: PathScope, depth = 0): Literal[] {
  if (depth > MAX_DEPTH) {
    return [];
  }
  const inner = (several: readonly Expression[]): Literal[] =>
    several.flatMap((each) => literalsIn(each, scope, depth + 1));
  switch (one.kind) {
    case 'string':
      return [one];
    case 'sequence':
      return inner(one.items);
    case 'dictionary':
      return inner(one.entries.flatMap((entry) => (entry.key === null ? [entry.value] : [entry.key])));
    case 'conditional':
      return inner([one.then, one.otherwise]);
    case 'boolean':
      return inner([one.left, one.right]);
    case 'binary':
      return one.operator === '+' && one.left.kind !== 'string' && one.right.kind !== 'string'
        ? inner([one.left, one.right])
        : [];
    case 'starred':
      return inner([one.value]);
    case 'call':
      return one.callee.kind === 'name' && /^(?:set|list|tuple|frozenset|dict)$/.test(one.callee.name)
        ? inner(one.args.map((argument) => argument.value))
        : [];
    case 'name': {
      const bound = scope.get(one.name);
      return bound?.kind === 'assigned' ? inner([bound.value]) : [];
    }
    default:
      return [];
  }
}

/** The text and place between a literal's quotes; null where what is written is not what it says: escapes, several literals. */
export function quoted(literal: Literal, text: string): { text: string; span: Span; literal: boolean } | null {
  const written = text.slice(literal.start, literal.end);
  const opening = /^(?<prefix>[a-zA-Z]*)(?<quote>"""|'''|"|')/.exec(written)?.groups;
  const quote = opening?.quote ?? '';
  const prefix = opening?.prefix ?? '';
  const start = literal.start + prefix.length + quote.length;
  // A string that is still being typed has no quote at its end.
  const isClosed = written.length >= prefix.length + 2 * quote.length && written.endsWith(quote);
  const end = isClosed ? literal.end - quote.length : literal.end;
  if (quote === '' || end < start || /b/i.test(prefix)) {
    return null;
  }
  const content = text.slice(start, end);
  const plain = literal.parts.every((part) => typeof part === 'string');
  const said = literal.parts.map((part) => (typeof part === 'string' ? part : '*')).join('');
  if (plain ? said !== content : content.includes(quote) || content.includes('\\')) {
    return null;
  }
  return { text: said, span: { start, end }, literal: plain };
}
