/** `# peek: EXPRESSION` comments, and the class each stands by. */

import type { Directive } from '../model/moduleClass';
import type { PlacedComment, SourceFile } from './sourceFile';

/** A class as the search for the one that a comment stands by sees it; offsets in the file. */
export interface DirectiveClass {
  readonly name: string;
  /** Of the class statement. */
  readonly start: number;
  /** Of the first decorator, else of the statement. */
  readonly outerStart: number;
  /** Behind the class line's colon. */
  readonly headerEnd: number;
}

const COMMENT = /^#[ \t]*peek:[ \t]*(?<expression>.*)$/s;

/** `classes` are in source order. */
export function directivesIn(file: SourceFile, classes: readonly DirectiveClass[]): Directive[] {
  return file.comments.map((comment): Directive => {
    const { start, end, line, column } = comment;
    const written = COMMENT.exec(file.text.slice(start, end))?.groups?.expression ?? '';
    const expression = written.trimEnd();
    const from = column + end - start - written.length;
    return {
      expression,
      range: { line, endLine: line, column, endColumn: column + end - start },
      expressionRange: { line, endLine: line, column: from, endColumn: from + expression.length },
      className: classAt(comment, file.text, classes)?.name ?? null,
    };
  });
}

/** The class on whose header line, directly above which, or as whose first lines the comment stands. */
function classAt(
  { start, column }: PlacedComment,
  text: string,
  classes: readonly DirectiveClass[],
): DirectiveClass | null {
  const lineStart = start - column + 1;
  const ownLine = /^\s*$/.test(text.slice(lineStart, start));
  const at = firstBehind(classes, start);
  const next = classes[at];
  const last = classes[at - 1];
  if (ownLine && next !== undefined && next.outerStart > start) {
    if (everyLine(text, lineStart, next.outerStart, /^\s*#/)) {
      return next;
    }
  }
  if (last === undefined) {
    return null;
  }
  const headerLine = lineEnd(text, last.headerEnd);
  const isBy = ownLine
    ? headerLine < start && everyLine(text, lineEndEnd(text, headerLine), start, /^\s*(#|$)/)
    : start <= headerLine;
  return isBy ? last : null;
}

/** True where all lines that end between the two offsets match. */
function everyLine(text: string, from: number, to: number, pattern: RegExp): boolean {
  for (let at = from; at < to; ) {
    const end = lineEnd(text, at);
    if (end >= to) {
      return true;
    }
    if (!pattern.test(text.slice(at, end))) {
      return false;
    }
    at = lineEndEnd(text, end);
  }
  return true;
}

/** Offset of the line break at or behind an offset. */
function lineEnd(text: string, from: number): number {
  LINE_END.lastIndex = from;
  return LINE_END.exec(text)?.index ?? text.length;
}

function lineEndEnd(text: string, end: number): number {
  return end + (text.startsWith('\r\n', end) ? 2 : 1);
}

const LINE_END = /\r\n|\r|\n/g;

/** Index of the first class whose statement begins behind an offset. */
function firstBehind(classes: readonly DirectiveClass[], offset: number): number {
  let low = 0;
  let high = classes.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((classes[middle]?.start ?? 0) <= offset) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}
