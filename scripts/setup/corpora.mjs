/** The Python environments whose models the static mapper is measured on, under `.cache/corpora`. */

import fs from 'node:fs';
import path from 'node:path';
import { run } from './command.mjs';
import { inCache, inRoot } from './paths.mjs';
import { basePython, pythonIn } from './python.mjs';
import { once } from './step.mjs';

const HOURS_OF_DOWNLOADS = 2;

/**
 * The environment with the packages that the mapper is worked on with.
 * @returns {Promise<string>} path of its interpreter
 */
export async function corpora() {
  const requirements = inRoot('test', 'truth', 'requirements.txt');
  const folder = inCache('corpora', 'venv');
  const interpreter = pythonIn(folder);
  await once({
    name: 'corpora',
    version: fs.readFileSync(requirements, 'utf8'),
    title: 'Python environment in .cache/corpora/venv (torch, torchvision, timm and others; some gigabytes)',
    present: () => fs.existsSync(interpreter),
    work: async () => {
      if (!fs.existsSync(interpreter)) await run(await basePython(), ['-m', 'venv', folder]);
      await install(interpreter, '-r', requirements);
    },
  });
  return interpreter;
}

/**
 * The environment with the packages that nobody tunes on. It sees the other one's packages, and must not bring another torch.
 * @returns {Promise<string>} path of its interpreter
 */
export async function holdoutCorpora() {
  const requirements = inRoot('test', 'truth', 'requirements-holdout.txt');
  const folder = inCache('corpora', 'holdout');
  const interpreter = pythonIn(folder);
  const base = await corpora();
  await once({
    name: 'corpora-holdout',
    version: fs.readFileSync(requirements, 'utf8'),
    title: 'Python environment in .cache/corpora/holdout (packages of other styles)',
    present: () => fs.existsSync(interpreter),
    work: async () => {
      if (!fs.existsSync(interpreter)) await run(base, ['-m', 'venv', folder]);
      fs.writeFileSync(path.join(await sitePackages(interpreter), 'corpora.pth'), `${await sitePackages(base)}\n`);
      const pins = inCache('corpora', 'pins.txt');
      const pinned = await run(base, ['-m', 'pip', 'list', '--format=freeze', '--disable-pip-version-check']);
      fs.writeFileSync(
        pins,
        pinned
          .split(/\r?\n/)
          .filter((line) => /^[\w.-]+==/.test(line))
          .join('\n'),
      );
      await install(interpreter, '-r', requirements, '-c', pins);
    },
  });
  return interpreter;
}

/**
 * Where an interpreter keeps its packages, without links: `.cache` may be one.
 * @param {string} interpreter
 */
export async function sitePackages(interpreter) {
  const text = await run(interpreter, ['-c', 'import sysconfig; print(sysconfig.get_path("purelib"))']);
  return fs.realpathSync(text.trim());
}

/**
 * @param {string} interpreter
 * @param {string[]} args
 */
async function install(interpreter, ...args) {
  await run(interpreter, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...args], {
    limitMinutes: HOURS_OF_DOWNLOADS * 60,
  });
}
