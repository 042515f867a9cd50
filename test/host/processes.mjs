/** The processes that a host leaves behind: found by a mark in their environment, which children inherit. */

import fs from 'node:fs';

const MARK = 'LAYER_PEEK_TEST_HOST';
let count = 0;

/** An environment variable whose value no other host has. */
export function newMark() {
  count += 1;
  return { [MARK]: `${process.pid}-${count}-${Date.now()}` };
}

/**
 * Processes alive with this mark, as `pid command`; empty where the system has no `/proc`.
 * @param {Record<string, string>} mark
 * @returns {{ pid: number, command: string }[]}
 */
export function marked(mark) {
  if (!fs.existsSync('/proc/self/environ')) return [];
  const wanted = Object.entries(mark).map(([name, value]) => `${name}=${value}`);
  return fs
    .readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      const variables = read(`/proc/${name}/environ`).split('\0');
      if (!wanted.every((pair) => variables.includes(pair))) return [];
      return [{ pid: Number(name), command: read(`/proc/${name}/cmdline`).replaceAll('\0', ' ').trim() }];
    });
}

/** @param {string} file */
function read(file) {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    // The process has ended meanwhile.
    return '';
  }
}

/**
 * Kills a process, or a group where the number is negative; one that is gone already is no error.
 * @param {number} pid
 * @param {NodeJS.Signals} signal
 */
export function kill(pid, signal) {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
