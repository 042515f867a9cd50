/** Chooses the binding: the native one where its binary loads, else WebAssembly. */

import { openNativeParser } from './nativeParser';
import type { Binding, ParserOptions, PythonParser } from './parser';
import { openWasmParser } from './wasmParser';

/** Rejects with the reasons of both where neither loads. */
export async function openParser(options: ParserOptions): Promise<PythonParser> {
  const open: Record<Binding, () => Promise<PythonParser>> = {
    native: openNativeParser,
    wasm: () => openWasmParser(options.wasm),
  };
  const order: Binding[] = options.prefer === 'wasm' ? ['wasm', 'native'] : ['native', 'wasm'];
  const reasons: string[] = [];
  for (const binding of order) {
    try {
      return await open[binding]();
    } catch (error) {
      reasons.push(`${binding}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  throw new Error(
    `No Python parser could be loaded, so nothing can be shown. Reinstall Layer Peek; the reasons were: ${reasons.join('; ')}`,
  );
}
