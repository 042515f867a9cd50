/** The files of the WebAssembly binding as the build leaves them; used where the native one does not load. */

import path from 'node:path';
import { root } from '../lsp/languageServer';

const folder = path.join(root, 'dist', 'wasm');
export const wasm = {
  runtime: path.join(folder, 'web-tree-sitter.wasm'),
  language: path.join(folder, 'tree-sitter-python.wasm'),
};
