/** The whole build: types, bundles, parser. What it makes is in `dist/`. */

import path from 'node:path';
import { dist } from '../setup/paths.mjs';
import { say } from '../setup/step.mjs';
import { treeSitter } from '../setup/treeSitter.mjs';
import { bundles } from './bundles.mjs';
import { parserFiles } from './parserFiles.mjs';
import { writeProtocolTypes } from './protocolTypes.mjs';
import { sizeOf } from './sizes.mjs';

const MADE = ['extension.js', 'server.js', 'cli.js', 'wasm', 'node_modules'];

export async function buildAll() {
  say('build: types, bundles, parser');
  await treeSitter();
  await writeProtocolTypes();
  await bundles();
  parserFiles();
  say(`built: ${MADE.map((name) => `${name} ${sizeOf(path.join(dist, name))}`).join(', ')}`);
}
