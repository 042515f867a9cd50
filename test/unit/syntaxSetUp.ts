/** Both bindings of the parser, and real Python files to parse. */

import fs from 'node:fs';
import path from 'node:path';
import { openNativeParser } from '../../server/src/syntax/nativeParser';
import { openWasmParser } from '../../server/src/syntax/wasmParser';
import { wasmFiles } from './wasmFiles';

const root = path.join(import.meta.dirname, '..', '..');

export const texts = ['examples', 'test/fixtures/python'].flatMap((folder) =>
  fs
    .readdirSync(path.join(root, folder))
    .filter((name) => name.endsWith('.py'))
    .map((name) => fs.readFileSync(path.join(root, folder, name), 'utf8')),
);
export const parsers = { native: await openNativeParser(), wasm: await openWasmParser(wasmFiles) };
export const bindings = ['native', 'wasm'] as const;
