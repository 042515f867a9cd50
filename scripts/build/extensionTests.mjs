/** Bundles the extension's tests into `dist/test`, from where the editor loads them. */

import fs from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { dist, inRoot } from '../setup/paths.mjs';
import { common } from './bundles.mjs';

/** @returns {Promise<string>} the module that runs them */
export async function extensionTests() {
  const source = inRoot('test', 'extension');
  const outdir = path.join(dist, 'test');
  fs.rmSync(outdir, { recursive: true, force: true });
  const suites = fs.readdirSync(source).filter((name) => name.endsWith('.test.ts'));
  await build({
    ...common,
    entryPoints: ['index.ts', ...suites].map((name) => path.join(source, name)),
    outdir,
    external: ['vscode', 'mocha'],
  });
  return path.join(outdir, 'index.js');
}
