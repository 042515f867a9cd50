/** Everything that is checked without running the product. Each check gives the problems it found as text, empty where there are none. */

import { protocolTypesAreCurrent } from '../build/protocolTypes.mjs';
import { CommandError, run } from '../setup/command.mjs';
import { inRoot } from '../setup/paths.mjs';
import { python } from '../setup/python.mjs';
import { tracesInTrackedFiles } from './traces.mjs';

/**
 * @typedef {object} Check
 * @property {string} name
 * @property {() => Promise<string>} problems
 */

const BIOME = ['@biomejs', 'biome', 'bin', 'biome'];
const PYTHON = ['layer_peek', '../test/python', '../test/truth', '../test/zero_config'];
const TSC = ['typescript', 'bin', 'tsc'];

/** @type {Check[]} */
export const checks = [
  {
    name: 'biome: format, lint and the direction of imports',
    problems: () => nodeTool(BIOME, 'ci', '--colors=off', '.'),
  },
  { name: 'tsc: types', problems: () => nodeTool(TSC, '--project', '.', '--pretty', 'false') },
  {
    name: 'protocol types are current',
    problems: async () =>
      (await protocolTypesAreCurrent()) ? '' : 'The schema has changed: run `npm run generate` and commit the types.',
  },
  { name: 'ruff: format', problems: () => pythonTool('ruff', 'format', '--check', ...PYTHON) },
  { name: 'ruff: lint', problems: () => pythonTool('ruff', 'check', ...PYTHON) },
  {
    name: 'mypy: types',
    problems: () => pythonTool('mypy', 'layer_peek', '../test/truth/collect', '../test/zero_config/measure'),
  },
  { name: 'no traces of a machine', problems: tracesInTrackedFiles },
];

/**
 * What the tool printed where it failed.
 * @param {string} program
 * @param {string[]} args
 * @param {string} [cwd]
 */
async function output(program, args, cwd) {
  try {
    await run(program, args, cwd ? { cwd } : {});
    return '';
  } catch (error) {
    if (error instanceof CommandError) return error.message;
    throw error;
  }
}

/**
 * A tool from node_modules; its entry is named, because the shims in `.bin` differ between systems.
 * @param {string[]} entry
 * @param {string[]} args
 */
const nodeTool = (entry, ...args) => output(process.execPath, [inRoot('node_modules', ...entry), ...args]);

/**
 * A tool of the Python environment, in the folder that holds its settings.
 * @param {string} tool
 * @param {string[]} args
 */
async function pythonTool(tool, ...args) {
  return output(await python(), ['-m', tool, ...args], inRoot('python-helper'));
}
