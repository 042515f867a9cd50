/** Suites that vitest runs; its projects are in vitest.config.mts. */

import { inRoot } from '../setup/paths.mjs';
import { python } from '../setup/python.mjs';
import { countsOf, parseVitest } from './counts.mjs';
import { reportFile } from './report.mjs';
import { show } from './show.mjs';

/** @param {string} project */
export async function runVitest(project) {
  const file = reportFile(`${project}.json`);
  const args = ['run', '--project', project, '--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  const env = { ...process.env, LAYER_PEEK_PYTHON: await python() };
  const code = await show(process.execPath, [inRoot('node_modules', 'vitest', 'vitest.mjs'), ...args], { env });
  return countsOf({ file, parse: parseVitest, runnerFailed: code !== 0 });
}
