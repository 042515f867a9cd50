/**
 * `npm run zero-config`: how often models are captured with nothing configured, how often with the input that was meant, and how long
 * finding the recipe takes. `-- models holdout torchvision timm` measures single groups, `-- --misses` prints what was not captured as
 * intended, `-- --works` runs the recipes that are known to work, `-- --only TEXT` and `-- --most COUNT` restrict.
 */

import fs from 'node:fs';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { buildAll } from './build/buildAll.mjs';
import { common } from './build/bundles.mjs';
import { run } from './setup/command.mjs';
import { corpora } from './setup/corpora.mjs';
import { inCache, inRoot } from './setup/paths.mjs';
import { python } from './setup/python.mjs';
import { show } from './suites/show.mjs';

const LIMIT_MINUTES = 90;
const WRITTEN = ['models', 'holdout'];
const GROUPS = [...WRITTEN, 'torchvision', 'timm'];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    misses: { type: 'boolean', default: false },
    works: { type: 'boolean', default: false },
    only: { type: 'string' },
    most: { type: 'string' },
  },
});
const unknown = positionals.filter((name) => !GROUPS.includes(name));
if (unknown.length > 0) throw new Error(`There is no group ${unknown.join(', ')}; there are ${GROUPS.join(', ')}.`);
const groups = positionals.length > 0 ? positionals : GROUPS;

const folder = inRoot('test', 'zero_config');
const env = {
  ...process.env,
  PYTHONPATH: [inRoot('python-helper'), folder].join(process.platform === 'win32' ? ';' : ':'),
  PYTHONDONTWRITEBYTECODE: '1',
};
await buildAll();
const bundle = inCache('zero-config', 'plan.js');
await build({
  ...common,
  entryPoints: [inRoot('test', 'zero_config', 'plan.ts')],
  outfile: bundle,
  external: ['tree-sitter', 'tree-sitter-python'],
});
const options = [
  ...(values.misses ? ['--misses'] : []),
  ...(values.works ? ['--works'] : []),
  ...(values.only === undefined ? [] : ['--only', values.only]),
  ...(values.most === undefined ? [] : ['--most', values.most]),
];
for (const group of groups) {
  const interpreter = WRITTEN.includes(group) ? await python() : await corpora();
  const args = ['-m', 'measure', group, ...options];
  if (WRITTEN.includes(group)) {
    const plans = inCache('zero-config', `${group}.json`);
    fs.writeFileSync(plans, await run(process.execPath, [bundle, inRoot('test', 'zero_config', group)]));
    args.push('--plans', plans);
  }
  const code = await show(interpreter, args, { env, limitMinutes: LIMIT_MINUTES });
  process.exitCode = Math.max(Number(process.exitCode ?? 0), code);
}
