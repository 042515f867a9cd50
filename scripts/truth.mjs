/**
 * `npm run truth`: builds the models of real packages, records which line registers each submodule, and tells how much of that the
 * static mapper says. `-- --only PACKAGE` restricts, `-- --holdout` takes the packages that nobody tunes on, `-- --misses` writes every
 * failure to `.cache/truth/misses.txt`, `-- --fresh` records anew.
 */

import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { buildAll } from './build/buildAll.mjs';
import { common } from './build/bundles.mjs';
import { run } from './setup/command.mjs';
import { corpora, holdoutCorpora, sitePackages } from './setup/corpora.mjs';
import { dist, inCache, inRoot } from './setup/paths.mjs';
import { once, readIfPresent } from './setup/step.mjs';
import { show } from './suites/show.mjs';

const PACKAGES = [
  'torchvision',
  'timm',
  'open_clip',
  'vit_pytorch',
  'x_transformers',
  'segmentation_models_pytorch',
  'kornia',
  'speechbrain',
];
const HOLDOUT = [
  'transformers',
  'diffusers',
  'monai',
  'torch_geometric',
  'pytorch_forecasting',
  'nflows',
  'gpytorch',
  'ultralytics',
  'efficientnet_pytorch',
];
const LIMIT_MINUTES = 120;

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    holdout: { type: 'boolean', default: false },
    misses: { type: 'boolean', default: false },
    fresh: { type: 'boolean', default: false },
  },
});
const known = values.holdout ? HOLDOUT : PACKAGES;
const packages = values.only ?? known;
const unknown = packages.filter((name) => !known.includes(name));
if (unknown.length > 0) throw new Error(`There is no truth of ${unknown.join(', ')}; there is of ${known.join(', ')}.`);

const base = await corpora();
const interpreter = values.holdout ? await holdoutCorpora() : base;
const folder = inCache('truth', ...(values.holdout ? ['holdout'] : []));
const collector = inRoot('test', 'truth');
const requirements = inRoot('test', 'truth', `requirements${values.holdout ? '-holdout' : ''}.txt`);

for (const name of packages) {
  const file = path.join(folder, `${name}.jsonl`);
  await once({
    name: `truth-${name}`,
    version: digest(name),
    title: `building the models of ${name}`,
    present: () => !values.fresh && fs.existsSync(file),
    work: async () => {
      const env = { ...process.env, PYTHONPATH: collector, PYTHONDONTWRITEBYTECODE: '1' };
      const told = await run(interpreter, ['-m', 'collect', name, '--out', folder], {
        env,
        limitMinutes: LIMIT_MINUTES,
      });
      process.stdout.write(told);
    },
  });
}

await buildAll();
const bundle = inCache('truth', 'compare.js');
await build({ ...common, entryPoints: [inRoot('test', 'truth', 'compare.ts')], outfile: bundle });
const args = [
  ...['--truth', folder, '--cli', path.join(dist, 'cli.js'), '--search-path', await sitePackages(base)],
  ...packages.flatMap((name) => ['--only', name]),
  ...(values.misses ? ['--misses', inCache('truth', 'misses.txt')] : []),
];
process.exitCode = await show(process.execPath, [bundle, ...args]);

/**
 * What the truth of a package hangs on: the collector, the versions, and the calls that are written down for it.
 * @param {string} name
 */
function digest(name) {
  const names = fs.readdirSync(path.join(collector, 'collect')).filter((name) => /\.(py|txt)$/.test(name));
  const calls = path.join(collector, 'calls', `${name}.txt`);
  const parts = [requirements, ...names.sort().map((one) => path.join(collector, 'collect', one)), calls];
  const hash = createHash('sha256');
  for (const part of parts) hash.update(readIfPresent(part) ?? '');
  return hash.digest('hex');
}
