/** The one replacement that turns a text into another, for incremental parsing. Pure. */

import { commonEnd, commonStart } from './commonParts';

export interface Point {
  readonly row: number;
  /** UTF-16 code units. */
  readonly column: number;
}

/** In the form tree-sitter asks for; offsets are UTF-16 code units. */
export interface TextEdit {
  readonly startIndex: number;
  readonly oldEndIndex: number;
  readonly newEndIndex: number;
  readonly startPosition: Point;
  readonly oldEndPosition: Point;
  readonly newEndPosition: Point;
}

/** Null where the texts are equal. No edge of the edit lies within a surrogate pair. */
export function textEdit(before: string, after: string): TextEdit | null {
  if (before === after) {
    return null;
  }
  const shorter = Math.min(before.length, after.length);
  let start = commonStart(before, after);
  if (start > 0 && isHighSurrogate(before.charCodeAt(start - 1))) {
    start -= 1;
  }
  let same = commonEnd(before, after, shorter - start);
  if (same > 0 && isLowSurrogate(before.charCodeAt(before.length - same))) {
    same -= 1;
  }
  const oldEndIndex = before.length - same;
  const newEndIndex = after.length - same;
  const startPosition = pointAt(before, start, { row: 0, column: 0 }, 0);
  return {
    startIndex: start,
    oldEndIndex,
    newEndIndex,
    startPosition,
    oldEndPosition: pointAt(before, oldEndIndex, startPosition, start),
    newEndPosition: pointAt(after, newEndIndex, startPosition, start),
  };
}

/** Tree-sitter counts `\n` alone as the end of a row. */
function pointAt(text: string, index: number, from: Point, fromIndex: number): Point {
  let { row } = from;
  let lineStart = fromIndex - from.column;
  for (let next = text.indexOf('\n', fromIndex); next !== -1 && next < index; next = text.indexOf('\n', next + 1)) {
    row += 1;
    lineStart = next + 1;
  }
  return { row, column: index - lineStart };
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}
