/** Ends a process with all that it started. */

import { spawnSync } from 'node:child_process';

/** Groups that are killed when this process exits, whatever the reason it can still act on. */
const alive = new Set<number>();

process.on('exit', () => {
  for (const pid of alive) {
    killGroup(pid);
  }
});

/** Has the group led by `pid` killed when this process exits. */
export function ownGroup(pid: number): void {
  alive.add(pid);
}

/** Kills the process group led by `pid`; one that is gone already is no error. */
export function killGroup(pid: number): void {
  alive.delete(pid);
  if (process.platform === 'win32') {
    // Windows has no process groups to signal; taskkill walks the tree of children.
    spawnSync('taskkill', ['/pid', String(pid), '/T', '/F'], { stdio: 'ignore' });
    return;
  }
  for (const target of [-pid, pid]) {
    try {
      process.kill(target, 'SIGKILL');
    } catch {
      // The group, or the process, has ended by itself.
    }
  }
}

/** Says that the group led by `pid` has ended by itself. */
export function forgetGroup(pid: number): void {
  alive.delete(pid);
}
