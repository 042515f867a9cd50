/** `npm run bench`: builds the product, then runs the benchmarks against baselines measured in the same run. */

import { build } from 'esbuild';
import { buildAll } from './build/buildAll.mjs';
import { common } from './build/bundles.mjs';
import { inCache, inRoot } from './setup/paths.mjs';
import { python } from './setup/python.mjs';
import { show } from './suites/show.mjs';

const LAYER_PEEK_PYTHON = await python();
await buildAll();
// Two folders deep, as the source lies: it finds the repository's root from there.
const bundle = inCache('bench', 'clickToShapes.js');
await build({ ...common, entryPoints: [inRoot('test', 'bench', 'clickToShapes.ts')], outfile: bundle });
process.exitCode = await show(process.execPath, [bundle], { env: { ...process.env, LAYER_PEEK_PYTHON } });
