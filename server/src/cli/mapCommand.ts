/** `layer-peek map`: the static mapping of files. */

import path from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { findInterpreters } from '../capture/interpreter';
import { wasmFolder } from '../installation';
import type { ParsedFile } from '../model/moduleClass';
import { mapText } from '../render/mapText';
import { mapDocument } from '../source/mapDocument';
import { Mapper } from '../source/mapper';
import { openReader } from '../syntax/openReader';
import { searchPathsOf } from '../workspace/searchPaths';
import { WorkspaceFiles } from '../workspaceFiles';
import { readSource } from './readSource';
import { UsageError } from './usage';

/** Length of the texts held in memory at most; the mapping of further files begins anew. */
const MAX_TEXT = 20_000_000;

/** Gives the exit code; files that can't be read are told on stderr, the others are still mapped. */
export async function mapCommand(args: readonly string[]): Promise<number> {
  const { values, positionals } = parse(args);
  if (positionals.length === 0) {
    throw new UsageError('map needs at least one file.');
  }
  const files = new WorkspaceFiles({
    workspace: () => [process.cwd()],
    installed: () => installed,
  });
  const installed = [...values['search-path'].map((one) => path.resolve(one)), ...installedPackages(values.python)];
  const mapper = new Mapper(await openReader(wasmFolder), files);
  let code = 0;
  const mapped: { file: string; parsed: ParsedFile }[] = [];
  for (const name of positionals) {
    const file = path.resolve(name);
    const source = readSource(file);
    if (source.text === null) {
      process.stderr.write(`layer-peek: ${source.problem}\n`);
      code = 1;
      continue;
    }
    const parsed = mapper.map(file);
    mapper.rest(file);
    if (mapper.size > MAX_TEXT) {
      mapper.trim();
    }
    if (parsed !== null) {
      mapped.push({ file, parsed });
    }
    // Trees of the native parser are freed between turns.
    await nextTurn();
  }
  const document = mapDocument(mapped);
  process.stdout.write(values.json ? `${JSON.stringify(document, null, 2)}\n` : mapText(document, process.cwd()));
  return code;
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        json: { type: 'boolean', default: false },
        python: { type: 'string', default: process.env.LAYER_PEEK_PYTHON ?? '' },
        'search-path': { type: 'string', multiple: true, default: [] },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** Folders of the packages that the interpreter can import; nothing of it is run. */
function installedPackages(configured: string): readonly string[] {
  const folder = process.cwd();
  const [interpreter] = findInterpreters({ folder, workspaceRoot: folder, configured, pythonExtension: null });
  return interpreter === undefined ? [] : searchPathsOf(interpreter.path);
}
