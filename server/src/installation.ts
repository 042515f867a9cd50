/** Where the files that ship with the server are: the bundle lies in `dist/`, beside `python-helper/`. */

import path from 'node:path';

/** Folder of the Python package. */
export const helperFolder = path.join(__dirname, '..', 'python-helper');

/** Folder of `web-tree-sitter.wasm` and `tree-sitter-python.wasm`. */
export const wasmFolder = path.join(__dirname, 'wasm');
