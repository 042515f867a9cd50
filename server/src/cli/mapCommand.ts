/** `layer-peek map`: the static mapping of files. */

import path from 'node:path';
import { parseArgs } from 'node:util';
import { wasmFolder } from '../installation';
import { mapText } from '../render/mapText';
import { mapFile } from '../source/mapDocument';
import { openFileParser } from '../syntax/fileParser';
import { readSource } from './readSource';
import { UsageError } from './usage';

/** Gives the exit code; files that can't be read are told on stderr, the others are still mapped. */
export async function mapCommand(args: readonly string[]): Promise<number> {
  const { values, positionals } = parse(args);
  if (positionals.length === 0) {
    throw new UsageError('map needs at least one file.');
  }
  const parser = await openFileParser(wasmFolder);
  let code = 0;
  const files = positionals.flatMap((name) => {
    const file = path.resolve(name);
    const source = readSource(file);
    if (source.text === null) {
      process.stderr.write(`layer-peek: ${source.problem}\n`);
      code = 1;
      return [];
    }
    return [mapFile(parser.parse(file, source.text), file)];
  });
  const document = { files };
  process.stdout.write(values.json ? `${JSON.stringify(document, null, 2)}\n` : mapText(document, process.cwd()));
  return code;
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { json: { type: 'boolean', default: false } },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
