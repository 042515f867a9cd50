/** The document of `layer-peek map --json`. Lines and columns are 1-based. */

export interface MapDocument {
  readonly files: readonly MappedFile[];
}

export interface MappedFile {
  readonly file: string;
  readonly classes: readonly MappedClass[];
}

export interface MappedClass {
  readonly name: string;
  /** File of the class statement where that is another one. */
  readonly file?: string;
  /** Lines of the class statement; null where it is in another file. */
  readonly line: number | null;
  readonly endLine: number | null;
  readonly definitions: readonly MappedDefinition[];
}

export interface MappedDefinition {
  readonly pattern: string;
  readonly line: number;
  readonly endLine: number;
  readonly column: number;
  readonly constructor: string | null;
  readonly certain: boolean;
}
