/** The Python environment with torch: `LAYER_PEEK_PYTHON` where given, else a virtual environment under `.cache/venv`. */

import fs from 'node:fs';
import path from 'node:path';
import { run, succeeds } from './command.mjs';
import { inCache, inRoot } from './paths.mjs';
import { once } from './step.mjs';

const REQUIREMENTS = inRoot('python-helper', 'requirements-dev.txt');

const venvPython = pythonIn(inCache('venv'));

/**
 * Path of an interpreter that can import torch and run the helper's tests and checks.
 * @returns {Promise<string>}
 * @throws where the given interpreter has no torch or no Python 3.9+ is found
 */
export async function python() {
  const given = process.env.LAYER_PEEK_PYTHON;
  if (given) return checked(given);
  await once({
    name: 'python',
    version: fs.readFileSync(REQUIREMENTS, 'utf8'),
    title: 'Python environment in .cache/venv (torch, numpy and the development tools)',
    present: () => fs.existsSync(venvPython),
    work: async () => {
      if (!fs.existsSync(venvPython)) await run(await basePython(), ['-m', 'venv', inCache('venv')]);
      await run(venvPython, ['-m', 'pip', 'install', '--quiet', '-r', REQUIREMENTS], {
        limitMinutes: 40,
      });
    },
  });
  return venvPython;
}

/**
 * The interpreter of a virtual environment.
 * @param {string} folder
 */
export function pythonIn(folder) {
  return process.platform === 'win32' ? path.join(folder, 'Scripts', 'python.exe') : path.join(folder, 'bin', 'python');
}

/** @param {string} given */
async function checked(given) {
  const interpreter = given.includes(path.sep) ? path.resolve(given) : given;
  if (await succeeds(interpreter, ['-c', 'import torch'])) return interpreter;
  throw new Error(
    `LAYER_PEEK_PYTHON is ${given}, which can't import torch. Install torch there, or unset the variable to have an environment made.`,
  );
}

/** A Python to make environments with. */
export async function basePython() {
  for (const name of ['python3', 'python']) {
    if (await succeeds(name, ['-c', 'import sys, venv; sys.exit(sys.version_info < (3, 9))'])) return name;
  }
  throw new Error(
    'No Python 3.9 or later with the venv module is on PATH. Install one (Debian: python3-venv), or give an interpreter with torch in LAYER_PEEK_PYTHON.',
  );
}
