/** In which folders an import of a file is looked up, in order. Pure. */

import type { PlatformPath } from 'node:path';
import type { ImportStarts } from './packageTree';

export interface ImportRoots {
  readonly all: readonly string[];
  /** Those that Python starts from: only a file there can take the place of a module of the standard library. */
  readonly beforeStandardLibrary: readonly string[];
}

/**
 * The folder that holds the file's own package comes first, so that a checkout wins over an installed copy; then each folder around it with its `src`,
 * up to the workspace folder; the other workspace folders with theirs; the file's own folder, because scripts import their siblings; and the search paths.
 * Installed packages are not run as scripts, so they don't see their siblings.
 */
export function importRoots(folder: string, holder: string, starts: ImportStarts, paths: PlatformPath): ImportRoots {
  const { around, isInstalled } = surroundings(holder, starts, paths);
  const projects = [...around, ...starts.workspace];
  const all = [
    holder,
    ...projects.flatMap((project) => [project, paths.join(project, 'src')]),
    ...(isInstalled ? [] : [folder]),
    ...starts.search,
  ];
  return {
    all: [...new Set(all)],
    beforeStandardLibrary: isInstalled ? [] : [...new Set([holder, ...starts.workspace])],
  };
}

/** The folders from here up to the innermost workspace folder: a monorepo has a project in each. Installed files belong to no project. */
function surroundings(
  folder: string,
  starts: ImportStarts,
  paths: PlatformPath,
): { readonly around: readonly string[]; readonly isInstalled: boolean } {
  const around: string[] = [];
  for (let here = folder; ; here = paths.dirname(here)) {
    around.push(here);
    if (starts.workspace.includes(here)) {
      return { around, isInstalled: false };
    }
    const isInstalled = starts.search.includes(here);
    if (isInstalled || paths.dirname(here) === here) {
      return { around: [], isInstalled };
    }
  }
}
