/** Counts lines on the way through a text. Pure. */

import type { TextPlace } from './unit';

const LINE_END = /\r\n|\r|\n/g;

export class LineCounter {
  private line: number;
  private lineStart: number;
  private readonly hasReturns: boolean;

  /** Counts on from a known place. */
  constructor(
    private readonly text: string,
    from: TextPlace = { start: 0, line: 1, column: 1 },
  ) {
    this.line = from.line;
    this.lineStart = from.start - from.column + 1;
    this.hasReturns = text.includes('\r');
  }

  /** The place of an offset, which must not be before that of the last call. */
  to(start: number): TextPlace {
    if (this.hasReturns) {
      LINE_END.lastIndex = this.lineStart;
      for (let found = LINE_END.exec(this.text); found !== null; found = LINE_END.exec(this.text)) {
        const end = found.index + found[0].length;
        if (end > start) {
          break;
        }
        this.line += 1;
        this.lineStart = end;
      }
    } else {
      for (
        let at = this.text.indexOf('\n', this.lineStart);
        at >= 0 && at < start;
        at = this.text.indexOf('\n', this.lineStart)
      ) {
        this.line += 1;
        this.lineStart = at + 1;
      }
    }
    return { start, line: this.line, column: start - this.lineStart + 1 };
  }
}
