/** Finds the Python files of the workspace, without the environments and build results in it. */

import type { Dirent } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import { Minimatch } from 'minimatch';

export { readSource } from './readSource';

export interface FindOptions {
  /** Globs relative to the workspace folder, as in VS Code's `files.exclude`. */
  readonly exclude?: readonly string[];
  /** Files after which the search ends. */
  readonly limit?: number;
  /** Told once where there is more than the limit. */
  readonly onLimit?: (limit: number) => void;
}

const LIMIT = 20_000;
/** Milliseconds of work between two yields. */
const SLICE = 10;
const NEVER = new Set(['node_modules', '__pycache__', 'site-packages', 'dist-packages']);
const BUILD_RESULTS = new Set(['build', 'dist']);
const ENVIRONMENT_MARKS = ['pyvenv.cfg', 'conda-meta'];

/** All `.py` files, nearer ones first; links to folders are not followed. */
export async function* findPythonFiles(
  folders: readonly string[],
  options: FindOptions,
  yieldNow: () => Promise<void>,
): AsyncGenerator<string, void, void> {
  const limit = options.limit ?? LIMIT;
  const globs = (options.exclude ?? []).map((glob) => new Minimatch(glob, { dot: true }));
  const tops = new Set(folders);
  const seen = new Set<string>();
  const open = folders.map((folder) => ({ folder, top: folder }));
  let count = 0;
  let since = performance.now();
  // Folders that are found on the way are added to the list that is being gone through.
  for (const { folder, top } of open) {
    const entries = seen.has(folder) ? [] : await read(folder, tops.has(folder));
    seen.add(folder);
    for (const entry of entries) {
      const full = path.join(folder, entry.name);
      const isPython = entry.name.endsWith('.py') && !entry.isDirectory();
      if ((!isPython && !isSearched(entry)) || isExcluded(globs, top, full)) {
        continue;
      }
      if (!isPython) {
        open.push({ folder: full, top });
        continue;
      }
      if (count === limit) {
        options.onLimit?.(limit);
        return;
      }
      count += 1;
      yield full;
      if (performance.now() - since > SLICE) {
        await yieldNow();
        since = performance.now();
      }
    }
  }
}

/** The sorted entries of a folder; none where its content is not the workspace's own code. */
async function read(folder: string, isTop: boolean): Promise<Dirent[]> {
  let entries: Dirent[];
  try {
    entries = await fs.readdir(folder, { withFileTypes: true });
  } catch {
    return [];
  }
  const has = (name: string): boolean => entries.some((entry) => entry.name === name);
  // `build` is a fine name for a package too.
  const isResult = BUILD_RESULTS.has(path.basename(folder)) && !has('__init__.py');
  if (!isTop && (isResult || ENVIRONMENT_MARKS.some(has))) {
    return [];
  }
  return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
}

function isSearched(entry: Dirent): boolean {
  return entry.isDirectory() && !entry.name.startsWith('.') && !NEVER.has(entry.name);
}

function isExcluded(globs: readonly Minimatch[], top: string, full: string): boolean {
  if (globs.length === 0) {
    return false;
  }
  const relative = path.relative(top, full).split(path.sep).join('/');
  return globs.some((glob) => glob.match(relative));
}
