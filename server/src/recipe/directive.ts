/** The `# peek:` comment: its text and its place. Pure. */

import type { Directive, ParsedFile } from '../model/moduleClass';

export interface DirectivePlacement {
  /** 0-based line before which a new comment goes: directly above the class statement and its decorators. */
  readonly line: number;
  /** Columns of blanks before it. */
  readonly indentation: number;
  /** The comment that the class has already. */
  readonly existing: Directive | null;
}

/** The comment for an expression. */
export function directiveText(expression: string): string {
  return `# peek: ${expression}`;
}

/** null where the file has no such class. */
export function directivePlacement(file: ParsedFile, className: string): DirectivePlacement | null {
  const owner = file.classes.find((one) => one.name === className);
  if (owner === undefined) {
    return null;
  }
  const existing = file.directives.find((one) => one.className === className) ?? null;
  return { line: owner.firstLine - 1, indentation: owner.range.column - 1, existing };
}
