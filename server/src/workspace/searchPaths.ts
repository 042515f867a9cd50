/** Where an interpreter looks for installed packages. Told from its files alone: nothing is run, so it works in Restricted Mode too. */

import os from 'node:os';
import path from 'node:path';
import { isFolder } from './diskQuestions';
import { pathsAddedIn } from './pthFiles';
import { behindShim } from './pyenvShim';
import { findPrefix, type Prefix } from './pythonPrefix';
import { sitePackagesIn, userSite } from './siteFolders';

/** What else decides, beside the interpreter's files. */
export interface Surroundings {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  /** Where a version file of pyenv may stand; null where no folder is open. */
  readonly folder: string | null;
}

const own = (): Surroundings => ({
  environment: process.env,
  home: os.homedir(),
  folder: null,
});

/** The folders that hold installed packages, in Python's order, those from `.pth` files and editable installs after the folder they stand in; without the standard library. */
export function searchPathsOf(python: string, surroundings: Partial<Surroundings> = {}): readonly string[] {
  const around = { ...own(), ...surroundings };
  const prefix = findPrefix(behindShim(python, around));
  const found = new Set<string>((around.environment.PYTHONPATH ?? '').split(path.delimiter).filter(isFolder));
  for (const site of prefix === null ? [] : sites(prefix, around)) {
    found.add(site);
    for (const added of pathsAddedIn(site)) {
      found.add(added);
    }
  }
  return [...found];
}

/** As `site.py` orders them: an environment's own, the user's, those of the installation. */
function sites(prefix: Prefix, around: Surroundings): string[] {
  const base = prefix.base;
  if (base === null) {
    return [...userSite(prefix, around), ...sitePackagesIn(prefix)];
  }
  const ofEnvironment = sitePackagesIn(prefix);
  return prefix.usesBase ? [...ofEnvironment, ...sites(base, around)] : ofEnvironment;
}
