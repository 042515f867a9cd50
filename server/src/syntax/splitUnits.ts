/** Cuts a file into its top-level units, without parsing it. Pure. */

import type { Span } from './python/ast';
import { scanText } from './scanText';
import type { Unit } from './unit';

export interface UnitSpan extends Span {
  readonly kind: Unit['kind'];
  readonly name: string;
}

export interface SplitText {
  readonly units: readonly UnitSpan[];
  /** Whole `# peek:` comments. */
  readonly comments: readonly Span[];
  /** True where a string is left open somewhere: what stands where hangs on the whole text. */
  readonly isGuessed: boolean;
}

/** A part of a text that is split anew; the rest is split as before. */
export interface SplitAgain {
  /** Where a unit begins, or 0. */
  readonly from: number;
  /** Behind this nothing has changed. */
  readonly changedUntil: number;
  /** True where a unit of this kind began at the offset before, as far as that is behind the change. */
  readonly begins: (offset: number) => Unit['kind'] | null;
}

const NAMED = /(?:(class)|(?:async[ \t\f]+)?def)[ \t\f]+([\p{L}\p{Nl}_][\p{L}\p{N}\p{M}\p{Pc}]*)/uy;
/** Ends a string that is known to be left open: the header of a class or function, rather than prose about one. */
const HEADER_LINES =
  /(?:@[\p{L}_][^\r\n]*(?:\r\n|\r|\n)){0,20}(?:class[ \t\f]+[\p{L}_][\p{L}\p{N}_]*[ \t]*[(:[]|(?:async[ \t\f]+)?def[ \t\f]+[\p{L}_][\p{L}\p{N}_]*[ \t]*[([])/uy;
/** Further words that Python never has at the start of a line within brackets. */
const STATEMENT =
  /(?:(?:import|while|with|try|except|finally|raise|pass|del|global|assert|return)\b|from[ \t]+[\w.]+[ \t]+import\b)/y;
const DIRECTIVE = /#[ \t]*peek:/y;

/**
 * A class or a function ends with its last line; consecutive other statements are one unit of code. A class or function that
 * begins in the first column begins a unit even within open brackets, as they may be still being typed.
 */
export function splitUnits(text: string): SplitText {
  const first = new Splitting(text, false);
  if (scanText(text, first)) {
    return { ...first.result(), isGuessed: false };
  }
  // A string is left open somewhere, so the quotes behind it open what they should close: each ends before the next class.
  const second = new Splitting(text, true);
  if (!scanText(text, second)) {
    second.lineEnd(text.trimEnd().length);
  }
  return { ...second.result(), isGuessed: true };
}

/** The units from a place on up to where they are as before, which `until` tells; null where all has to be split again. */
export function splitAgain(text: string, again: SplitAgain): (Omit<SplitText, 'isGuessed'> & { until: number }) | null {
  const splitting = new Splitting(text, false, again);
  return scanText(text, splitting, again.from) ? { ...splitting.result(), until: splitting.doneAt } : null;
}

class Splitting {
  private readonly units: UnitSpan[] = [];
  private readonly comments: Span[] = [];
  /** Of the unit being read; none before the first. */
  private start = -1;
  private end = -1;
  private kind: Unit['kind'] = 'code';
  private name = '';
  /** True between a decorator and what it decorates. */
  private decorating = false;
  /** Where the line being read begins. */
  private line = 0;

  constructor(
    private readonly text: string,
    private readonly guarded: boolean,
    private readonly again: SplitAgain | null = null,
  ) {
    this.doneAt = text.length;
  }

  /** Where units begin to be as before. */
  doneAt: number;

  isDone(at: number, open: boolean): boolean {
    const { again } = this;
    if (again === null || at < again.changedUntil || this.decorating) {
      return false;
    }
    const kind = again.begins(at);
    // A class or function begins a unit wherever it stands, other code only behind one and outside of brackets.
    if (kind === null || (kind === 'code' && (open || (this.start >= 0 && this.kind === 'code')))) {
      return false;
    }
    this.doneAt = at;
    return true;
  }

  lineStart(at: number, open: boolean): boolean {
    const { text } = this;
    this.line = at;
    const sign = text[at] ?? '';
    if (sign === '@') {
      if (!this.decorating) {
        this.begin(at, 'code', '');
        this.decorating = true;
      }
      return true;
    }
    const named = sign === 'c' || sign === 'd' || sign === 'a' ? matchAt(NAMED, text, at) : null;
    if (named !== null) {
      if (!this.decorating) {
        this.begin(at, 'code', '');
      }
      this.kind = named[1] === undefined ? 'function' : 'class';
      this.name = named[2] ?? '';
      this.decorating = false;
      return true;
    }
    if (NO_STATEMENT.has(sign) || (open && matchAt(STATEMENT, text, at) === null)) {
      return false;
    }
    if (this.start < 0 || this.kind !== 'code') {
      this.begin(at, 'code', '');
    }
    this.decorating = false;
    return true;
  }

  lineEnd(codeEnd: number): void {
    if (this.start < 0) {
      // The text begins with an indented line.
      this.begin(this.line, 'code', '');
    }
    this.end = Math.max(this.end, codeEnd);
  }

  comment(start: number, end: number): void {
    if (matchAt(DIRECTIVE, this.text, start) !== null) {
      this.comments.push({ start, end });
    }
    // One in the first column may as well belong to what follows.
    if (this.start >= 0 && start > this.line) {
      this.end = end;
    }
  }

  endsString(lineStart: number): boolean {
    return this.guarded && matchAt(HEADER_LINES, this.text, lineStart) !== null;
  }

  result(): Omit<SplitText, 'isGuessed'> {
    this.close();
    return { units: this.units, comments: this.comments };
  }

  private begin(at: number, kind: Unit['kind'], name: string): void {
    this.close();
    this.start = at;
    this.end = at;
    this.kind = kind;
    this.name = name;
  }

  private close(): void {
    if (this.start >= 0 && this.end > this.start) {
      this.units.push({ kind: this.kind, name: this.name, start: this.start, end: this.end });
    }
  }
}

/** First signs of lines that begin no statement: blanks, line breaks, comments. */
const NO_STATEMENT = new Set(['', ' ', '\t', '\n', '\r', '#', '\\']);

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}
