/** Runs a command whose output the user sees. */

import { spawn } from 'node:child_process';
import { root } from '../setup/paths.mjs';

const LIMIT_MINUTES = 15;

/**
 * The exit code; 1 where it was killed by a signal or took longer than `limitMinutes`.
 * @param {string} program
 * @param {string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, cwd?: string, limitMinutes?: number }} [options]
 * @returns {Promise<number>}
 */
export function show(program, args, { env = process.env, cwd = root, limitMinutes = LIMIT_MINUTES } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'inherit', 'inherit'] });
    const limit = setTimeout(() => child.kill('SIGTERM'), limitMinutes * 60_000);
    child.on('error', reject);
    child.on('exit', (code) => {
      clearTimeout(limit);
      resolve(code ?? 1);
    });
  });
}
