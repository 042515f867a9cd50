/** Maps texts that stand in no folder: nothing that they import can be read. */

import type { ParsedFile } from '../../server/src/model/moduleClass';
import { Mapper } from '../../server/src/source/mapper';
import { NOTHING } from '../../server/src/source/summarize';
import type { PythonParser } from '../../server/src/syntax/parser';
import { SourceReader } from '../../server/src/syntax/sourceReader';

const FILE = '/file.py';

/** One file whose text changes. */
export class TextMapper {
  private text = '';
  private readonly mapper: Mapper;

  constructor(parser: PythonParser) {
    this.mapper = new Mapper(new SourceReader(parser), {
      text: () => this.text,
      isOpen: () => true,
      mayChange: () => true,
      resolver: { moduleName: () => 'file', resolve: () => null, absolute: () => null },
    });
  }

  map(text: string): ParsedFile {
    this.text = text;
    this.mapper.changed(FILE);
    return this.mapper.map(FILE) ?? NOTHING;
  }
}

export function parseModule(parser: PythonParser, text: string): ParsedFile {
  return new TextMapper(parser).map(text);
}
