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
      refuseLink(inRoot('node_modules'));
      await run('npm', ['ci', '--no-progress'], { env });
    },
  });
}

/**
 * Throws where the folder is a symbolic link: `npm ci` deletes what is in it first, and that belongs to another checkout.
 * @param {string} folder
 */
export function refuseLink(folder) {
  if (fs.lstatSync(folder, { throwIfNoEntry: false })?.isSymbolicLink()) {
    throw new Error(
      `${folder} is a symbolic link to ${fs.readlinkSync(folder)}, and "npm ci" would delete what is there. The packages there are not those of this package-lock.json: update them in the checkout that they belong to, or remove the link and run this again, which installs them here.`,
    );
  }
}
