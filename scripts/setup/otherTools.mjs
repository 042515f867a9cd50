/** The tools that the overhead benchmark measures beside ours: pinned, in a folder of their own. */

import fs from 'node:fs';
import { run } from './command.mjs';
import { inCache, inRoot } from './paths.mjs';
import { once } from './step.mjs';

const REQUIREMENTS = inRoot('test', 'bench', 'overhead', 'requirements.txt');

/**
 * The folder to put on the module path.
 * @param {string} python interpreter that will run them; its own PyTorch is used
 * @returns {Promise<string>}
 */
export async function otherTools(python) {
  const folder = inCache('bench', 'otherTools');
  await once({
    name: 'otherTools',
    version: fs.readFileSync(REQUIREMENTS, 'utf8'),
    title: 'torchinfo, torchview and TorchLens in .cache/bench',
    present: () => fs.existsSync(folder),
    work: async () => {
      const target = ['--upgrade', '--target', folder, '-r', REQUIREMENTS];
      await run(python, ['-m', 'pip', 'install', '--quiet', '--no-deps', ...target], { limitMinutes: 10 });
    },
  });
  return folder;
}
