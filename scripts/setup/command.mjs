/** Runs a command to its end: its output is shown only where it fails. */

import { spawn } from 'node:child_process';
import { root } from './paths.mjs';

/** A command that could not be started or ended with an error; the message holds the end of its output. */
export class CommandError extends Error {}

/**
 * @typedef {object} CommandOptions
 * @property {string} [cwd] the repository's root where absent
 * @property {NodeJS.ProcessEnv} [env] the whole environment; this process's where absent
 * @property {number} [limitMinutes] killed after this long; 20 where absent
 */

/**
 * What the command printed on its stdout and stderr, interleaved.
 * @param {string} program
 * @param {string[]} args
 * @param {CommandOptions} [options]
 * @returns {Promise<string>}
 * @throws {CommandError}
 */
export function run(program, args, { cwd = root, env = process.env, limitMinutes = 20 } = {}) {
  return new Promise((resolve, reject) => {
    const shown = [program, ...args].join(' ');
    const shell = needsShell(program);
    const given = shell ? args.map((one) => `"${one}"`) : args;
    const child = spawn(program, given, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], shell });
    let output = '';
    const add = (/** @type {unknown} */ chunk) => {
      output += chunk;
    };
    child.stdout.on('data', add);
    child.stderr.on('data', add);
    const limit = setTimeout(() => child.kill('SIGKILL'), limitMinutes * 60_000);
    child.on('error', (error) => {
      clearTimeout(limit);
      reject(new CommandError(`${shown}: ${error.message}`));
    });
    child.on('close', (code, signal) => {
      clearTimeout(limit);
      if (code === 0) resolve(output);
      else reject(new CommandError(`${shown}: ended with ${signal ?? code}\n${output.slice(-4000)}`));
    });
  });
}

/**
 * True where the command runs and ends well.
 * @param {string} program
 * @param {string[]} args
 * @param {CommandOptions} [options]
 */
export async function succeeds(program, args, options) {
  try {
    await run(program, args, options);
    return true;
  } catch {
    return false;
  }
}

/**
 * On Windows these are scripts, which only a shell can start.
 * @param {string} program
 */
const needsShell = (program) => process.platform === 'win32' && ['npm', 'code'].includes(program);
