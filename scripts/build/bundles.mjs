/** The three JavaScript files of the product, each with all it needs but the editor's API and the native parser. */

import fs from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { dist, inRoot } from '../setup/paths.mjs';

/** @type {import('esbuild').BuildOptions} */
export const common = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  sourcemap: true,
  // Names stay, so that a stack trace in a user's report can be read.
  minifyWhitespace: true,
  minifySyntax: true,
  legalComments: 'none',
  logLevel: 'warning',
  // Packages with an ES module entry are smaller and have no indirect `require`, which esbuild can't follow.
  mainFields: ['module', 'main'],
  // Its ES module asks for `import.meta.url`, which a CommonJS bundle has not.
  alias: { 'web-tree-sitter': inRoot('node_modules/web-tree-sitter/web-tree-sitter.cjs') },
};

const NATIVE = ['tree-sitter', 'tree-sitter-python'];

export async function bundles() {
  await Promise.all([
    build({
      ...common,
      entryPoints: [inRoot('client/src/extension.ts')],
      outfile: path.join(dist, 'extension.js'),
      external: ['vscode'],
    }),
    build({
      ...common,
      entryPoints: { server: inRoot('server/src/main.ts') },
      outdir: dist,
      external: NATIVE,
    }),
    build({
      ...common,
      entryPoints: [inRoot('server/src/cli.ts')],
      outfile: path.join(dist, 'cli.js'),
      external: NATIVE,
      banner: { js: '#!/usr/bin/env node' },
    }),
  ]);
  fs.chmodSync(path.join(dist, 'cli.js'), 0o755);
}
