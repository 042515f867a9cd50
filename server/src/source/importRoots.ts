/** In which folders an import of a file is looked up, in order. Pure. */

import type { PlatformPath } from 'node:path';
import type { ImportStarts } from './packageTree';

/**
 * The folder that holds the file's own package comes first, so that a checkout wins over an installed copy; then each folder around it with its `src`,
 * up to the workspace folder; the other workspace folders with theirs; the file's own folder, because scripts import their siblings; and the search paths.
 */
export function importRoots(folder: string, holder: string, starts: ImportStarts, paths: PlatformPath): string[] {
  const roots = new Set<string>([holder]);
  const addProject = (project: string): void => {
    roots.add(project);
    roots.add(paths.join(project, 'src'));
  };
  for (const project of projectsAround(holder, starts, paths)) {
    addProject(project);
  }
  for (const workspace of starts.workspace) {
    addProject(workspace);
  }
  roots.add(folder);
  for (const search of starts.search) {
    roots.add(search);
  }
  return [...roots];
}

/** The folders from here up to the innermost workspace folder: a monorepo has a project in each. Installed files belong to no project. */
function projectsAround(folder: string, starts: ImportStarts, paths: PlatformPath): string[] {
  const around: string[] = [];
  for (
    let here = folder;
    !starts.search.includes(here) || starts.workspace.includes(here);
    here = paths.dirname(here)
  ) {
    around.push(here);
    if (starts.workspace.includes(here)) {
      return around;
    }
    if (paths.dirname(here) === here) {
      return [];
    }
  }
  return [];
}
