/** Bases of a class statement told without the parser, where nothing but names stands in its brackets. Pure. */

import type { Argument, Expression } from './ast';

/** Up to the bracket or the colon behind the name. */
const BEGIN = /^class[ \t]+[\p{L}_][\p{L}\p{N}_]*[ \t]*([(:])/mu;
const TOKEN = /[\s]*(?:([\p{L}_][\p{L}\p{N}_]*)|([.,=[\]():]))/uy;
/** Names that are values or operators of their own. */
const WORDS = new Set([
  'None',
  'True',
  'False',
  'not',
  'lambda',
  'await',
  'if',
  'else',
  'and',
  'or',
  'in',
  'is',
  'for',
]);

/**
 * Arguments of the class line as the parser would give them, offsets in `text`; null where more than dotted names, their
 * subscripts and keywords stands there. Asking the parser for each of thousands of classes would cost more than it tells.
 */
export function classBases(text: string): readonly Argument[] | null {
  const begin = BEGIN.exec(text);
  // Decorators stand before it; one that holds a string may hold anything.
  if (begin === null || /["']/.test(text.slice(0, begin.index))) {
    return null;
  }
  return begin[1] === ':' ? [] : new Header(text, begin.index + begin[0].length).arguments();
}

class Header {
  private word = '';
  private sign = '';
  private start = 0;
  private end: number;

  constructor(
    private readonly text: string,
    at: number,
  ) {
    this.end = at;
  }

  arguments(): readonly Argument[] | null {
    const found: Argument[] = [];
    this.next();
    while (!this.at(')')) {
      const one = this.argument();
      if (one === null) {
        return null;
      }
      found.push(one);
      if (this.at(',')) {
        this.next();
      } else if (!this.at(')')) {
        return null;
      }
    }
    this.next();
    return this.at(':') ? found : null;
  }

  private argument(): Argument | null {
    const name = this.word;
    const first = this.expression();
    if (first === null || this.sign !== '=') {
      return first === null ? null : { name: null, stars: 0, value: first };
    }
    this.next();
    const value = first.kind === 'name' ? this.expression() : null;
    return value === null ? null : { name, stars: 0, value };
  }

  /** `name`, `name.name`, `name[...]`, and those behind each other. */
  private expression(): Expression | null {
    if (this.word === '' || WORDS.has(this.word)) {
      return null;
    }
    const { start } = this;
    let value: Expression = { kind: 'name', name: this.word, start, end: this.end };
    this.next();
    for (;;) {
      if (this.sign === '.') {
        this.next();
        if (this.word === '') {
          return null;
        }
        value = { kind: 'attribute', object: value, name: this.word, start, end: this.end };
        this.next();
      } else if (this.sign === '[') {
        const indices = this.indices();
        if (indices === null) {
          return null;
        }
        value = { kind: 'subscript', object: value, indices, start, end: this.end };
        this.next();
      } else {
        return value;
      }
    }
  }

  /** Leaves the closing bracket as the sign at hand. */
  private indices(): Expression[] | null {
    const found: Expression[] = [];
    this.next();
    for (;;) {
      const one = this.expression();
      if (one === null) {
        return null;
      }
      found.push(one);
      if (this.sign === ']') {
        return found;
      }
      if (this.sign !== ',') {
        return null;
      }
      this.next();
    }
  }

  private at(sign: string): boolean {
    return this.sign === sign;
  }

  private next(): void {
    TOKEN.lastIndex = this.end;
    const found = TOKEN.exec(this.text);
    this.word = found?.[1] ?? '';
    this.sign = found?.[2] ?? '';
    this.end = found === null ? this.end : TOKEN.lastIndex;
    this.start = this.end - this.word.length - this.sign.length;
  }
}
