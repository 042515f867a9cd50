/** The files of the WebAssembly binding, where npm puts them. */

import path from 'node:path';
import type { WasmFiles } from '../../server/src/syntax/parser';

const nodeModules = path.join(import.meta.dirname, '..', '..', 'node_modules');

export const wasmFiles: WasmFiles = {
  runtime: path.join(nodeModules, 'web-tree-sitter', 'web-tree-sitter.wasm'),
  language: path.join(nodeModules, 'tree-sitter-python', 'tree-sitter-python.wasm'),
};
