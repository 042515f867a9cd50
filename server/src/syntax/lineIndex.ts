/** From offsets to lines, in the editor's way: `\n`, `\r\n` and `\r` end a line. Pure. */

import type { SourceRange } from '../model/moduleClass';
import type { PlacedUnit } from './unit';

export interface LineColumn {
  /** 1-based. */
  readonly line: number;
  /** 1-based, UTF-16 code units. */
  readonly column: number;
}

export class LineIndex {
  private readonly starts: number[] = [0];

  constructor(text: string) {
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
    return { line: low + 1, column: offset - (this.starts[low] ?? 0) + 1 };
  }
}

/** Where a span of a unit stands in the file. */
export function rangeIn({ unit, line, column }: PlacedUnit, start: number, end: number): SourceRange {
  const from = unit.lines.position(start);
  const to = unit.lines.position(end);
  return {
    line: line + from.line - 1,
    endLine: line + to.line - 1,
    column: from.line === 1 ? column + from.column - 1 : from.column,
    endColumn: to.line === 1 ? column + to.column - 1 : to.column,
  };
}
