/** Whether memory grows while someone types: the heap after a collection, after 1,000 and after 10,000 random edits. */

import fs from 'node:fs';
import path from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Mapper } from '../../server/src/source/mapper';
import { openParser } from '../../server/src/syntax/openParser';
import { SourceReader } from '../../server/src/syntax/sourceReader';
import { root } from '../lsp/languageServer';
import { numbers } from './editedFile';
import { run } from './measure';
import { wasm } from './wasm';

const EDITS = 10_000;
const FILE = '/resnet.py';
const PIECES = [
  'x',
  ' ',
  '\n',
  '(',
  ')',
  "'",
  '    self.extra = nn.Linear(3, 4)\n',
  'class Other(nn.Module):\n',
  '"""',
];

async function main(): Promise<void> {
  const { gc } = globalThis;
  if (gc === undefined) {
    throw new Error('Memory can be measured only where Node runs with --expose-gc.');
  }
  const original = fs.readFileSync(path.join(root, 'examples', 'resnet.py'), 'utf8');
  let text = original;
  const mapper = new Mapper(new SourceReader(await openParser({ wasm })), {
    text: () => text,
    isOpen: () => true,
    mayChange: () => true,
    resolver: { moduleName: () => 'resnet', resolve: () => null, absolute: () => null },
  });
  const random = numbers(3);
  const at = (length: number): number => Math.floor(random() * length);
  for (let edit = 1; edit <= EDITS; edit += 1) {
    const place = at(text.length);
    const gone = random() < 0.5 ? at(20) : 0;
    text = `${text.slice(0, place)}${PIECES[at(PIECES.length)]}${text.slice(place + gone)}`;
    // A text of broken pieces alone would not be what someone types.
    if (edit % 20 === 0) {
      text = original;
    }
    mapper.changed(FILE);
    mapper.map(FILE);
    // Trees of the native parser are freed between turns, as in the server.
    await nextTurn();
    if (edit === 1_000 || edit === EDITS) {
      gc();
      const { heapUsed, rss } = process.memoryUsage();
      const megabytes = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(1)} MB`;
      console.log(`after ${edit} edits: heap ${megabytes(heapUsed)}, resident ${megabytes(rss)}`);
    }
  }
}

run(main);
