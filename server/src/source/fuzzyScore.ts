/** How well what a user types fits a layer path: the higher the better. Pure. */

/** A path with what is asked of it again and again. */
export interface SearchedPath {
  readonly path: string;
  readonly lower: string;
  readonly letters: number;
}

export function searchedPath(path: string): SearchedPath {
  const lower = path.toLowerCase();
  return { path, lower, letters: lettersOf(lower) };
}

/** 0 where the word's letters do not come in the path in their order. */
export function wordScore(word: string, searched: SearchedPath): number {
  const needle = word.toLowerCase();
  return hasLetters(searched.letters, lettersOf(needle)) ? scoreOf(word, needle, searched.path, searched.lower) : 0;
}

const DIGIT = 1 << 26;
const STAR = 1 << 27;
const OTHERS = '_.{}[]-, ';

/** A bit for each letter that occurs, one for all digits. */
function lettersOf(lower: string): number {
  let bits = 0;
  for (const sign of lower) {
    if (sign >= 'a' && sign <= 'z') {
      bits |= 1 << (sign.charCodeAt(0) - 97);
    } else if (isDigit(sign)) {
      bits |= DIGIT;
    } else if (sign === '*') {
      bits |= STAR;
    } else if (!OTHERS.includes(sign)) {
      bits |= 1 << 28;
    }
  }
  return bits;
}

function hasLetters(has: number, wanted: number): boolean {
  const number = (wanted & DIGIT) === 0 || (has & (DIGIT | STAR)) !== 0;
  return number && (wanted & ~DIGIT & ~has) === 0;
}

function scoreOf(word: string, needle: string, path: string, text: string): number {
  const exactCase = path.includes(word) ? 5 : 0;
  if (text === needle) {
    return 1000 + exactCase;
  }
  const last = text.slice(text.lastIndexOf('.') + 1);
  if (last === needle) {
    return 900 + exactCase;
  }
  if (text.startsWith(needle)) {
    return (text[needle.length] === '.' ? 850 : 820) + exactCase;
  }
  if (last.startsWith(needle)) {
    return 800 + exactCase;
  }
  const at = text.indexOf(needle);
  if (at !== -1) {
    const inner = text.includes(`.${needle}`) ? 700 : startsWord(path, at) ? 600 : 500;
    return inner + exactCase;
  }
  return subsequenceScore(needle, path, text);
}

/**
 * Letters in order with others between; a number may stand where the path has `*`. Each start is tried from the end of the path
 * to its beginning, since the last name tells most.
 */
function subsequenceScore(needle: string, path: string, text: string): number {
  const first = needle[0] ?? '';
  const begin = isDigit(first) ? text.search(/[\d*]/) : text.indexOf(first);
  let best = begin === -1 ? 0 : greedyScore(needle, path, text, begin);
  if (best === 0) {
    return 0;
  }
  for (let from = text.length - 1; from >= 0; from -= 1) {
    const matches = text[from] === first || (text[from] === '*' && isDigit(first));
    if (matches && startsWord(path, from)) {
      best = Math.max(best, greedyScore(needle, path, text, from));
    }
  }
  return best;
}

function greedyScore(needle: string, path: string, text: string, from: number): number {
  let score = 100;
  let at = from;
  let previous = -2;
  for (let index = 0; index < needle.length; index += 1) {
    const letter = needle[index] ?? '';
    let found = at;
    while (found < text.length && text[found] !== letter && !(text[found] === '*' && isDigit(letter))) {
      found += 1;
    }
    if (found >= text.length) {
      return 0;
    }
    if (text[found] === '*') {
      // A number that the path has itself is the better answer.
      score -= 15;
      while (isDigit(needle[index + 1] ?? '')) {
        index += 1;
      }
    }
    score += found === previous + 1 ? 12 : startsWord(path, found) ? 10 : -Math.min(6, found - at);
    previous = found;
    at = found + 1;
  }
  return Math.min(490, Math.max(1, score));
}

/** Behind a dot or an underscore, at a capital after a small letter, or where digits begin. */
function startsWord(path: string, at: number): boolean {
  const before = path[at - 1] ?? '.';
  const here = path[at] ?? '';
  return /[._]/.test(before) || (/[a-z]/.test(before) && /[A-Z]/.test(here)) || (!isDigit(before) && isDigit(here));
}

function isDigit(sign: string): boolean {
  return sign >= '0' && sign <= '9' && sign.length === 1;
}
