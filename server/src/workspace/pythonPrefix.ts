/** Which installation or virtual environment an interpreter belongs to. */

import fs from 'node:fs';
import path from 'node:path';
import { isFile, textOf } from './diskQuestions';
import { versionInName } from './pythonVersion';
import { libraryFolders } from './siteFolders';

export interface Prefix {
  readonly folder: string;
  /** Such as `3.11`, null where nothing tells it. */
  readonly version: string | null;
  /** The installation that a virtual environment was made from. */
  readonly base: Prefix | null;
  /** Packages of the installation can be imported in the environment. */
  readonly usesBase: boolean;
}

const MAX_LINKS = 40;

/** Null where there is no such interpreter. */
export function findPrefix(python: string): Prefix | null {
  const chain = linkChain(python);
  for (const link of chain) {
    const environment = environmentOf(path.dirname(link)) ?? environmentOf(path.dirname(path.dirname(link)));
    if (environment !== null) {
      return environment;
    }
  }
  return installationOf(chain);
}

/** The path, and each that it links to, in order. */
function linkChain(python: string): string[] {
  const chain: string[] = [];
  let here = path.resolve(python);
  while (chain.length < MAX_LINKS && isFile(here)) {
    chain.push(here);
    const target = linkTarget(here);
    if (target === null) {
      // Folders on the way may be links too.
      const real = fs.realpathSync(here);
      return real === here ? chain : [...chain, real];
    }
    here = path.resolve(path.dirname(here), target);
  }
  return chain;
}

function linkTarget(file: string): string | null {
  try {
    return fs.readlinkSync(file);
  } catch {
    return null;
  }
}

function environmentOf(folder: string): Prefix | null {
  const text = textOf(path.join(folder, 'pyvenv.cfg'));
  if (text === null) {
    return null;
  }
  const settings = new Map(
    [...text.matchAll(/^\s*([\w-]+)\s*=\s*(.*?)\s*$/gm)].map(([, key = '', value = '']) => [key.toLowerCase(), value]),
  );
  const version = /^\d+\.\d+/.exec(settings.get('version') ?? settings.get('version_info') ?? '')?.[0] ?? null;
  const home = settings.get('home');
  const base = home === undefined ? null : installationOf(linkChain(pythonIn(home, version)));
  return {
    folder,
    version,
    // An installation that is gone is still known by its folder.
    base: base ?? { folder: prefixOf(path.join(home ?? folder, 'python')), version, base: null, usesBase: false },
    usesBase: settings.get('include-system-site-packages')?.toLowerCase() === 'true',
  };
}

function pythonIn(folder: string, version: string | null): string {
  const names = [...(version === null ? [] : [`python${version}`]), 'python3', 'python', 'python.exe'];
  return names.map((name) => path.join(folder, name)).find(isFile) ?? folder;
}

/** Python looks around the file that the links lead to; where nothing is there, the links themselves are asked. */
function installationOf(chain: readonly string[]): Prefix | null {
  const backwards = [...chain].reverse();
  const folders = backwards.map(prefixOf);
  const folder = folders.find((one) => libraryFolders(one).length > 0) ?? folders[0];
  if (folder === undefined) {
    return null;
  }
  const version = backwards.map((link) => versionInName(path.basename(link))).find((one) => one !== null) ?? null;
  return { folder, version, base: null, usesBase: false };
}

/** On Windows an installation has its interpreter in the top folder. */
function prefixOf(executable: string): string {
  const folder = path.dirname(executable);
  return ['bin', 'scripts'].includes(path.basename(folder).toLowerCase()) ? path.dirname(folder) : folder;
}
