/** Versions of Python as names of files and folders tell them: `python3.11`, `pypy3.10`, `python3.13t`. */

const NAMED = /^(?:python|pypy)(\d+\.\d+t?)(?:\.exe)?$/i;

/** `3.11` of `python3.11`, null for a name without one. */
export function versionInName(name: string): string | null {
  return NAMED.exec(name)?.[1] ?? null;
}

/** Sorts newest first; the build with a global lock goes before the one without. */
export function newestFirst(a: string, b: string): number {
  const [left, right] = [a, b].map((name) => name.match(/\d+/g)?.map(Number) ?? []);
  for (let at = 0; at < Math.max(left?.length ?? 0, right?.length ?? 0); at += 1) {
    const difference = (right?.[at] ?? -1) - (left?.[at] ?? -1);
    if (difference !== 0) {
      return difference;
    }
  }
  return a.length - b.length;
}
