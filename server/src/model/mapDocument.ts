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
  readonly line: number;
  readonly endLine: number;
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
