/** The document of `layer-peek map --json`. Lines and columns are 1-based. */

import type { ParsedFile } from '../model/moduleClass';

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

export function mapFile(parsed: ParsedFile, file: string): MappedFile {
  return {
    file,
    classes: parsed.classes.map((one) => ({
      name: one.name,
      line: one.range.line,
      endLine: one.range.endLine,
      definitions: one.definitions.map((definition) => ({
        pattern: definition.pattern,
        line: definition.range.line,
        endLine: definition.range.endLine,
        column: definition.range.column,
        constructor: definition.constructorName,
        certain: definition.certain,
      })),
    })),
  };
}
