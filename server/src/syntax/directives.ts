/** `# peek: EXPRESSION` comments, and the class each stands by. */

import type { Directive } from '../model/moduleClass';
import type { LineIndex } from './lineIndex';
import type { SourceFile } from './sourceFile';

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

/** In source order; of nested classes the innermost is the last of `classes`. */
export function directivesIn(file: SourceFile, lines: LineIndex, classes: readonly DirectiveClass[]): Directive[] {
  return file.comments.map(({ start, end }): Directive => {
    const written = COMMENT.exec(file.text.slice(start, end))?.groups?.expression ?? '';
    const expression = written.trimEnd();
    const from = end - written.length;
    return {
      expression,
      range: lines.range(start, end),
      expressionRange: lines.range(from, from + expression.length),
      className: classAt(start, lines, classes)?.name ?? null,
    };
  });
}

/** The class on whose header line, directly above which, or as whose first lines the comment stands. */
export function classAt<T extends DirectiveClass>(offset: number, lines: LineIndex, classes: readonly T[]): T | null {
  const { line } = lines.position(offset);
  const ownLine = /^\s*#/.test(lines.line(line));
  const places = placesOf(classes, lines);
  const found = classes.filter(({ start }, index) => {
    const { first, header } = places[index] ?? { first: 0, header: 0 };
    if (!ownLine) {
      return offset >= start && line <= header;
    }
    return line < first
      ? everyLine(lines, line, first, /^\s*#/)
      : line > header && everyLine(lines, header + 1, line, /^\s*(#|$)/);
  });
  return found.at(-1) ?? null;
}

interface HeaderLines {
  readonly first: number;
  readonly header: number;
}

const placesByClasses = new WeakMap<readonly DirectiveClass[], { lines: LineIndex; places: readonly HeaderLines[] }>();

/** Lines of the headers, looked up once for all comments of a file. */
function placesOf(classes: readonly DirectiveClass[], lines: LineIndex): readonly HeaderLines[] {
  let known = placesByClasses.get(classes);
  if (known?.lines !== lines) {
    const places = classes.map(({ outerStart, headerEnd }) => ({
      first: lines.position(outerStart).line,
      header: lines.position(headerEnd).line,
    }));
    known = { lines, places };
    placesByClasses.set(classes, known);
  }
  return known.places;
}

/** True where all lines from the one up to before the other match. */
function everyLine(lines: LineIndex, from: number, to: number, pattern: RegExp): boolean {
  for (let line = from; line < to; line += 1) {
    if (!pattern.test(lines.line(line))) {
      return false;
    }
  }
  return true;
}
