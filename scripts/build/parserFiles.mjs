/** The parser's binaries beside the bundles: native ones for six platforms, and WebAssembly for where those do not load. */

import fs from 'node:fs';
import path from 'node:path';
import { dist, inRoot } from '../setup/paths.mjs';
import { compiledTreeSitter } from '../setup/treeSitter.mjs';

/** What `require('tree-sitter')` and `require('tree-sitter-python')` read at run time. */
const NATIVE_FILES = [
  'tree-sitter/package.json',
  'tree-sitter/index.js',
  'tree-sitter/prebuilds',
  'tree-sitter/LICENSE',
  'tree-sitter-python/package.json',
  'tree-sitter-python/bindings/node/index.js',
  'tree-sitter-python/src/node-types.json',
  'tree-sitter-python/prebuilds',
  'tree-sitter-python/LICENSE',
  'node-gyp-build/package.json',
  'node-gyp-build/index.js',
  'node-gyp-build/node-gyp-build.js',
  'node-gyp-build/LICENSE',
];
const WASM_FILES = ['web-tree-sitter/web-tree-sitter.wasm', 'tree-sitter-python/tree-sitter-python.wasm'];

export function parserFiles() {
  fs.rmSync(path.join(dist, 'node_modules'), { recursive: true, force: true });
  for (const file of NATIVE_FILES) copy(file, path.join(dist, 'node_modules', file));
  for (const file of WASM_FILES) copy(file, path.join(dist, 'wasm', path.basename(file)));
  const compiled = compiledTreeSitter();
  if (compiled) {
    const folder = `${process.platform}-${process.arch}`;
    fs.copyFileSync(compiled, path.join(dist, 'node_modules', 'tree-sitter', 'prebuilds', folder, 'tree-sitter.node'));
  }
}

/**
 * @param {string} from inside node_modules
 * @param {string} to
 */
function copy(from, to) {
  fs.mkdirSync(path.dirname(to), { recursive: true });
  fs.cpSync(inRoot('node_modules', from), to, { recursive: true });
}
