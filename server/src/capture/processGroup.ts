/** Ends a process with all that it started. */

import { type ChildProcess, spawnSync } from 'node:child_process';

/** How long a helper may take to end what it started, in milliseconds. */
const END_LIMIT_MS = 3_000;

/** Groups that are ended when this process exits, whatever the reason it can still act on; with how. */
const alive = new Map<number, (leader: number) => void>();

process.on('exit', () => {
  for (const [pid, end] of alive) {
    end(pid);
  }
});

/** Has the group led by `pid` killed when this process exits. */
export function ownGroup(pid: number): void {
  alive.set(pid, killGroup);
}

/** Has a helper ended when this process exits. */
export function ownHelper(pid: number): void {
  alive.set(pid, askToEnd);
}

/** Ends a helper with all it started. On Linux its guardian does so when asked, and reaches what has left the group as well. */
export function endHelper(child: ChildProcess): void {
  const { pid } = child;
  if (pid === undefined) {
    return;
  }
  alive.delete(pid);
  askToEnd(pid);
  setTimeout(() => {
    if (child.exitCode === null && child.signalCode === null) {
      killGroup(pid);
    }
  }, END_LIMIT_MS).unref();
}

function askToEnd(pid: number): void {
  if (process.platform !== 'linux') {
    killGroup(pid);
    return;
  }
  // Where the interpreter is a script that starts another one, that one is in the group.
  send(-pid, 'SIGTERM');
  send(pid, 'SIGTERM');
}

/** Kills the process group led by `pid`; one that is gone already is no error. */
export function killGroup(pid: number): void {
  alive.delete(pid);
  if (process.platform === 'win32') {
    // Windows has no process groups to signal; taskkill walks the tree of children.
    spawnSync('taskkill', ['/pid', String(pid), '/T', '/F'], { stdio: 'ignore' });
    return;
  }
  send(-pid, 'SIGKILL');
  send(pid, 'SIGKILL');
}

function send(target: number, signal: NodeJS.Signals): void {
  try {
    process.kill(target, signal);
  } catch {
    // The group, or the process, has ended by itself.
  }
}

/** Says that the group led by `pid` has ended by itself. */
export function forgetGroup(pid: number): void {
  alive.delete(pid);
}
