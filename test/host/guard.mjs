/**
 * Runs a Node program that must not outlive its starter, however that ends: `node guard.mjs <program> [arguments]`. The starter keeps
 * this process's stdin open; once it closes, the whole process group is killed. The guard leads that group.
 */

import { spawn } from 'node:child_process';

const child = spawn(process.execPath, process.argv.slice(2), { stdio: ['ignore', 'inherit', 'inherit'] });
child.on('exit', (code) => process.exit(code ?? 1));
// The group gets the signal as a whole; the guard ends after its child.
process.on('SIGTERM', () => {});

process.stdin.resume();
process.stdin.on('close', () => {
  if (process.platform === 'win32') child.kill('SIGKILL');
  else process.kill(-process.pid, 'SIGKILL');
});
