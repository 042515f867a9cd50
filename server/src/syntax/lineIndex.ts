/** From offsets to lines, in the editor's way: `\n`, `\r\n` and `\r` end a line. Pure. */

import type { SourceRange } from '../model/moduleClass';

export interface LineColumn {
  /** 1-based. */
  readonly line: number;
  /** 1-based, UTF-16 code units. */
  readonly column: number;
}

export class LineIndex {
  private readonly starts: number[] = [0];

  /** `added` are parts of the text that the editor's text does not have, in order and without line breaks: columns leave them out. */
  constructor(
    readonly text: string,
    private readonly added: readonly { readonly at: number; readonly text: string }[] = [],
  ) {
    if (text.includes('\r')) {
      for (const match of text.matchAll(/\r\n|\r|\n/g)) {
        this.starts.push(match.index + match[0].length);
      }
    } else {
      for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) {
        this.starts.push(at + 1);
      }
    }
  }

  position(offset: number): LineColumn {
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.starts[middle] ?? 0) <= offset) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    const start = this.starts[low] ?? 0;
    return { line: low + 1, column: offset - start - this.addedBetween(start, offset) + 1 };
  }

  private addedBetween(start: number, offset: number): number {
    return this.added
      .filter((one) => one.at >= start && one.at < offset)
      .reduce((length, one) => length + Math.min(one.text.length, offset - one.at), 0);
  }

  range(start: number, end: number): SourceRange {
    const from = this.position(start);
    const to = this.position(end);
    return { line: from.line, endLine: to.line, column: from.column, endColumn: to.column };
  }

  /** Text of a 1-based line without its end; empty beyond the file. */
  line(line: number): string {
    const start = this.starts[line - 1];
    if (start === undefined) {
      return '';
    }
    return this.text.slice(start, this.starts[line] ?? this.text.length).replace(/[\r\n]+$/, '');
  }

  get count(): number {
    return this.starts.length;
  }
}
