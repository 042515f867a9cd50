/** Which names a star import of a file may bring, told from its text alone: it may bring fewer, never others. Pure. */

/** Lines at which a class or a function begins, whose own name counts and whose body does not. */
const DEFINING = /(?:class|(?:async[ \t\f]+)?def)[ \t\f]+/y;
const STARRED = /^[ \t\f]*from[ \t\f]+([\p{L}\p{N}_.]+)[ \t\f]+import[ \t\f]*\(?[ \t\f]*\*/gmu;

export class TopLevelWords {
  /** Modules that are imported with a star, as written. */
  readonly starred: readonly string[];
  /** Hashes, sorted: a set of the words themselves would take ten times the memory, and keep the text. */
  private readonly hashes: Uint32Array;

  constructor(text: string) {
    const listed = listedNames(text);
    if (listed !== null) {
      this.starred = [];
      this.hashes = Uint32Array.from(new Set(listed.map((name) => hashOf(name, 0, name.length)))).sort();
      return;
    }
    const found = new Set<number>();
    const starred = new Set<string>();
    // Where single returns may end lines, all words count.
    const pieces = text.includes('\r') ? [[0, text.length] as const] : outsideOfBodies(text);
    for (const [start, end] of pieces) {
      addWords(text, start, end, found);
      for (const [, module = ''] of text.slice(start, end).matchAll(STARRED)) {
        starred.add(` ${module}`.slice(1));
      }
    }
    this.hashes = Uint32Array.from(found).sort();
    this.starred = [...starred];
  }

  mayExport(name: string): boolean {
    const wanted = hashOf(name, 0, name.length);
    let low = 0;
    let high = this.hashes.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.hashes[middle] ?? 0) < wanted) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return this.hashes[low] === wanted;
  }
}

/** The names of an `__all__` that is written in one piece; null where there is none, or more than that is done with it. */
function listedNames(text: string): string[] | null {
  const found = ALL.exec(text);
  const isAlone = found !== null && text.indexOf('__all__') === text.lastIndexOf('__all__');
  return isAlone ? [...(found[1] ?? '').matchAll(/["']([^"'\n]*)["']/g)].map(([, name = '']) => name) : null;
}

/** Strings, commas and comments in brackets. */
const ALL = /^__all__[ \t]*(?::[^=\n]*)?=[ \t]*[[(]((?:[\s,]|"[^"\n]*"|'[^'\n]*'|#[^\n]*\n)*)[\])][ \t]*(?:#[^\n]*)?$/m;

/** Pieces of the text that are not indented below a class or a function of the first column, and the lines at which those begin. */
function* outsideOfBodies(text: string): Generator<readonly [number, number]> {
  let start = 0;
  let isBody = false;
  for (let at = 0; at < text.length; at = lineBehind(text, at)) {
    const sign = text.charCodeAt(at);
    // Blank lines and comments do not end a body, neither does what is indented.
    if (isBlank(sign) || sign === HASH) {
      continue;
    }
    if (isBody) {
      start = at;
      isBody = false;
    }
    DEFINING.lastIndex = at;
    if (DEFINING.test(text)) {
      yield [start, wordEnd(text, DEFINING.lastIndex)];
      isBody = true;
    }
  }
  if (!isBody) {
    yield [start, text.length];
  }
}

const HASH = 35;

function isBlank(sign: number): boolean {
  return sign === 32 || sign === 9 || sign === 12 || sign === 10 || sign === 13;
}

function lineBehind(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end + 1;
}

function isWordSign(sign: number): boolean {
  return (
    (sign >= 97 && sign <= 122) || (sign >= 65 && sign <= 90) || (sign >= 48 && sign <= 57) || sign === 95 || sign > 127
  );
}

function wordEnd(text: string, from: number): number {
  let at = from;
  while (at < text.length && isWordSign(text.charCodeAt(at))) {
    at += 1;
  }
  return at;
}

function addWords(text: string, start: number, end: number, to: Set<number>): void {
  for (let at = start; at < end; at += 1) {
    if (isWordSign(text.charCodeAt(at))) {
      const behind = wordEnd(text, at);
      to.add(hashOf(text, at, behind));
      at = behind;
    }
  }
}

/** FNV-1a over UTF-16 code units; two words with the same hash cost a look into the file. */
function hashOf(text: string, start: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let at = start; at < end; at += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  }
  return hash >>> 0;
}
