/** Processes as the system lists them. */

import { execFileSync } from 'node:child_process';

/** All processes below one, without those that have ended and wait for their parent to notice. */
export function descendantsOf(pid: number): number[] {
  const table = execFileSync('ps', ['-eo', 'pid=,ppid=,stat='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((row) => row.trim().split(/\s+/))
    .filter(([, , state]) => !state?.startsWith('Z'))
    .map((row) => row.map(Number));
  const below = (parent: number): number[] => {
    const children = table.flatMap(([child, of]) => (of === parent && child !== undefined ? [child] : []));
    return children.flatMap((child) => [child, ...below(child)]);
  };
  return below(pid);
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
