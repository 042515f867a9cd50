/** `node_modules` as package-lock.json has it. */

import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { run } from './command.mjs';
import { inRoot } from './paths.mjs';
import { once } from './step.mjs';

/**
 * @param {NodeJS.ProcessEnv} env
 */
export async function npmDependencies(env) {
  const installed = inRoot('node_modules', '.package-lock.json');
  await once({
    name: 'npm-dependencies',
    version: createHash('sha256')
      .update(fs.readFileSync(inRoot('package-lock.json')))
      .digest('hex'),
    title: 'npm dependencies (npm ci)',
    present: () => fs.existsSync(installed),
    work: async () => {
      await run('npm', ['ci', '--no-progress'], { env });
    },
  });
}
