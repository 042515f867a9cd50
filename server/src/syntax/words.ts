/** The words of a unit's text, comments and strings among them: told without parsing it. */

import type { Unit } from './unit';

const WORD = /[\p{L}\p{Nl}_][\p{L}\p{N}\p{M}\p{Pc}]*/gu;

const known = new WeakMap<Unit, ReadonlySet<string>>();

/** In the order in which they first appear; of a function or class without its decorators. */
export function wordsIn(unit: Unit): ReadonlySet<string> {
  let words = known.get(unit);
  if (words === undefined) {
    words = new Set(withoutDecorators(unit).match(WORD));
    known.set(unit, words);
  }
  return words;
}

/** The text of a function or class from its own line on: decorators are not its own code. */
export function withoutDecorators({ text }: Unit): string {
  return text.slice(Math.max(0, text.search(/^(?:(?:async[ \t\f]+)?def|class)[ \t\f]/m)));
}

/** True where a text has one of the words; nothing is kept of it. */
export function hasWord(text: string, words: ReadonlySet<string>): boolean {
  if (words.size === 0) {
    return false;
  }
  WORD.lastIndex = 0;
  for (let match = WORD.exec(text); match !== null; match = WORD.exec(text)) {
    if (words.has(match[0])) {
      return true;
    }
  }
  return false;
}
