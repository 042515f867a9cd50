/** One step of the set-up: done once for each version, remembered by a stamp under `.cache/stamps`. */

import fs from 'node:fs';
import path from 'node:path';
import { inCache } from './paths.mjs';

/**
 * One line of what happens now, with the time since the process started.
 * @param {string} text
 */
export function say(text) {
  console.log(`[${process.uptime().toFixed(0).padStart(3)} s] ${text}`);
}

/**
 * @typedef {object} Step
 * @property {string} name of the stamp file
 * @property {string} version the step is done again where this differs from the stamp
 * @property {string} title what the line printed says
 * @property {() => boolean} [present] whether the result is still there
 * @property {() => Promise<void>} work
 */

/**
 * Does the step unless its stamp holds the same version and the result is present.
 * @param {Step} step
 */
export async function once({ name, version, title, present = () => true, work }) {
  const stamp = inCache('stamps', name);
  if (readIfPresent(stamp) === version && present()) return;
  say(title);
  await work();
  fs.mkdirSync(path.dirname(stamp), { recursive: true });
  fs.writeFileSync(stamp, version);
}

/**
 * @param {string} file
 * @returns {string | null}
 */
export function readIfPresent(file) {
  return fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : null;
}
