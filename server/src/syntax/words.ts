/** The words of a unit's text, comments and strings among them: told without parsing it. */

import type { Unit } from './unit';

const WORD = /[\p{L}\p{Nl}_][\p{L}\p{N}\p{M}\p{Pc}]*/gu;

const known = new WeakMap<Unit, ReadonlySet<string>>();

/** In the order in which they first appear; of a function or class without its decorators. */
export function wordsIn(unit: Unit): ReadonlySet<string> {
  let words = known.get(unit);
  if (words === undefined) {
    const start = unit.text.search(/^(?:(?:async[ \t\f]+)?def|class)[ \t\f]/m);
    words = new Set(unit.text.slice(Math.max(0, start)).match(WORD));
    known.set(unit, words);
  }
  return words;
}
