/** The browser that is the embedded VS Code's window in tests: `CHROMIUM` where given, else one that is installed. */

import fs from 'node:fs';
import path from 'node:path';
import { run, succeeds } from './command.mjs';
import { say } from './step.mjs';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const APPLICATIONS = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];
const HELP =
  'Install Chromium or Chrome (Debian, Ubuntu: apt-get install chromium), or give its path in the variable CHROMIUM.';

/**
 * @returns {Promise<string>} path of the browser
 * @throws where there is none and none can be installed
 */
export async function chromium() {
  const found = findChromium();
  if (found) return found;
  const isRoot = process.getuid?.() === 0;
  if (process.platform !== 'linux' || !isRoot || !(await succeeds('apt-get', ['--version']))) {
    throw new Error(`No Chromium was found. ${HELP}`);
  }
  say('Chromium (apt-get install chromium)');
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await run('apt-get', ['update', '-qq'], { env });
  await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], { env });
  const installed = findChromium();
  if (installed) return installed;
  throw new Error(`The package chromium was installed, but there is no such program on PATH. ${HELP}`);
}

/** @returns {string | null} */
export function findChromium() {
  const given = process.env.CHROMIUM;
  if (given) {
    if (fs.existsSync(given)) return given;
    throw new Error(`The variable CHROMIUM names ${given}, which does not exist. ${HELP}`);
  }
  const onPath = (process.env.PATH ?? '')
    .split(path.delimiter)
    .flatMap((folder) => NAMES.map((name) => path.join(folder, name)));
  return [...onPath, ...APPLICATIONS].find((file) => fs.existsSync(file)) ?? null;
}
