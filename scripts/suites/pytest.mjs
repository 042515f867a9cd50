/** The helper's own tests. */

import { inRoot } from '../setup/paths.mjs';
import { python } from '../setup/python.mjs';
import { countsOf, parseJunit } from './counts.mjs';
import { reportFile } from './report.mjs';
import { show } from './show.mjs';

export async function runPytest() {
  const file = reportFile('python.xml');
  const interpreter = await python();
  const env = { ...process.env, LAYER_PEEK_PYTHON: interpreter, PYTHONDONTWRITEBYTECODE: '1' };
  const args = ['-m', 'pytest', '-q', inRoot('test', 'python'), `--junitxml=${file}`];
  const code = await show(interpreter, args, { env, cwd: inRoot('python-helper') });
  return countsOf({ file, parse: parseJunit, runnerFailed: code !== 0 });
}
