/** How well what a user types fits a layer path: the higher the better. Pure. */

/** Null where it does not fit. Words between blanks must all fit; `others` are further texts that a word may be found in. */
export function fuzzyScore(query: string, path: string, others: readonly string[]): number | null {
  let total = 0;
  for (const word of query.split(/\s+/)) {
    if (word === '') {
      continue;
    }
    const score = Math.max(
      wordScore(word, path),
      ...others.map((other) => (other.toLowerCase().includes(word.toLowerCase()) ? 80 : 0)),
    );
    if (score <= 0) {
      return null;
    }
    total += score;
  }
  // Of paths that fit alike the shorter one is nearer to what was typed.
  return total === 0 ? 0 : total - path.length * 0.1;
}

function wordScore(word: string, path: string): number {
  const needle = word.toLowerCase();
  const text = path.toLowerCase();
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
  let best = 0;
  const first = needle[0] ?? '';
  for (let from = text.length - 1; from >= 0; from -= 1) {
    const matches = text[from] === first || (text[from] === '*' && isDigit(first));
    if (matches && (from === 0 || startsWord(path, from) || best === 0)) {
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
