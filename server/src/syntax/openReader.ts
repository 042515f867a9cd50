/** Opens what reads Python files. */

import { openParser } from './openParser';
import { SourceReader } from './sourceReader';

/** `wasmFolder` holds `web-tree-sitter.wasm` and `tree-sitter-python.wasm`. Rejects where no parser loads. */
export async function openReader(wasmFolder: string): Promise<SourceReader> {
  const wasm = { runtime: `${wasmFolder}/web-tree-sitter.wasm`, language: `${wasmFolder}/tree-sitter-python.wasm` };
  return new SourceReader(await openParser({ wasm }));
}
