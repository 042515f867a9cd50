/** A file's top-level units: what is parsed, kept and interpreted as one. */

import type { LineIndex } from './lineIndex';
import type { Argument, Statement } from './python/ast';

/** A top-level piece of a file: one class, one function, or code between them. */
export interface Unit {
  readonly kind: 'class' | 'function' | 'code';
  /** Of the class or function; '' for code. */
  readonly name: string;
  /** Exactly as in the file, decorators included. */
  readonly text: string;
  /**
   * Lowered on first access, then kept until `release`. Offsets are UTF-16 code units from the start of `text`, also where an
   * unfinished statement was finished for parsing. Broken code may have more than the one class or function.
   */
  readonly statements: readonly Statement[];
  /** Lines of the text. */
  readonly lines: LineIndex;
  /** What stands in the brackets of the class line; mostly told without parsing the rest. Empty for what is no class. */
  readonly bases: readonly Argument[];
  /** Drops the lowered statements; they are made again when asked for. */
  release(): void;
}

export interface PlacedUnit extends TextPlace {
  readonly unit: Unit;
}

/** A place in a file's text. */
export interface TextPlace {
  /** Offset in the file. */
  readonly start: number;
  /** 1-based line and column of it. */
  readonly line: number;
  readonly column: number;
}
