/** What the interpreter asks of the world: files, and which module is which file. */

import type { SourceFile } from '../syntax/sourceFile';

export interface Sources {
  /** Null where the file can't be read. */
  source(file: string): SourceFile | null;
  /** The same as bare text, of which nothing is kept. */
  text(file: string): string | null;
  /** False for files that nobody edits: those of installed packages. */
  mayChange(file: string): boolean;
  moduleName(file: string): string;
  /** File of an absolute dotted module as imported from a file; null where there is none to read. */
  resolve(module: string, from: string): string | null;
  /** Absolute name of a relative import; null where it leaves the package. */
  absolute(level: number, module: string, from: string): string | null;
}
