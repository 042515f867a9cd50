/**
 * `npm run bench`: builds the product, then runs the benchmarks against baselines measured in the same run.
 * `npm run bench -- capture index keystroke memory overhead soak` runs single ones; what follows `index` are the folders to index.
 */

import { build } from 'esbuild';
import { buildAll } from './build/buildAll.mjs';
import { common } from './build/bundles.mjs';
import { otherTools } from './setup/otherTools.mjs';
import { inCache, inRoot } from './setup/paths.mjs';
import { python } from './setup/python.mjs';
import { show } from './suites/show.mjs';

/** By name: the source in `test/bench`, and what Node is to be started with. */
const BENCHES = {
  capture: { source: 'clickToShapes', flags: [] },
  index: { source: 'indexTree', flags: [] },
  keystroke: { source: 'keystroke', flags: [] },
  memory: { source: 'memory', flags: ['--expose-gc'] },
  overhead: { source: 'overhead', flags: [] },
  soak: { source: 'soak', flags: [] },
};

const names = /** @type {(keyof typeof BENCHES)[]} */ (Object.keys(BENCHES));
const given = process.argv.slice(2);
const chosen = names.filter((name) => given.length === 0 || given.includes(name));
const folders = given.filter((one) => !names.some((name) => name === one));
if (chosen.length === 0 || (folders.length > 0 && !chosen.includes('index'))) {
  throw new Error(`There is no such benchmark. Name some of ${names.join(', ')}; folders may follow index.`);
}

const LAYER_PEEK_PYTHON = await python();
await buildAll();
for (const name of chosen) {
  const { source, flags } = BENCHES[name];
  // Two folders deep, as the source lies: it finds the repository's root from there.
  const bundle = inCache('bench', `${source}.js`);
  const entryPoints = [inRoot('test', 'bench', `${source}.ts`)];
  await build({ ...common, entryPoints, outfile: bundle, external: ['tree-sitter', 'tree-sitter-python'] });
  const more = name === 'index' ? folders : name === 'overhead' ? [await otherTools(LAYER_PEEK_PYTHON)] : [];
  const args = [...flags, bundle, ...more];
  const code = await show(process.execPath, args, { env: { ...process.env, LAYER_PEEK_PYTHON } });
  process.exitCode = Math.max(Number(process.exitCode ?? 0), code);
}
