/** Makes the entry of one file in the document of `layer-peek map --json`. Pure. */

import type { MappedFile } from '../model/mapDocument';
import type { ParsedFile } from '../model/moduleClass';

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
