/** The folders of installed packages in an installation, by the habits of CPython, Debian, Fedora, conda, macOS and Windows. */

import fs from 'node:fs';
import path from 'node:path';
import { isFolder, namesIn } from './diskQuestions';
import type { Prefix } from './pythonPrefix';
import { newestFirst, versionInName } from './pythonVersion';

/** Names of the library folders in a prefix, such as `python3.11`, newest first; `Lib` on Windows. */
export function libraryFolders(prefix: string): string[] {
  const versioned = ['lib', 'lib64'].flatMap((lib) =>
    namesIn(path.join(prefix, lib)).filter((name) => versionInName(name) !== null),
  );
  const ofWindows = isFolder(path.join(prefix, 'Lib', 'site-packages')) ? ['Lib'] : [];
  return [...[...new Set(versioned)].sort(newestFirst), ...ofWindows];
}

export function sitePackagesIn(prefix: Prefix): string[] {
  const library = libraryOf(prefix);
  const at = (...parts: string[]): string => path.join(prefix.folder, ...parts);
  const ofDebian = [
    at('local', 'lib', library, 'dist-packages'),
    at('lib', 'python3', 'dist-packages'),
    at('lib', library, 'dist-packages'),
  ];
  const isDebian = isFolder(at('lib', 'python3', 'dist-packages'));
  const local = isDebian ? [] : ['lib64', 'lib'].map((lib) => at('local', lib, library, 'site-packages'));
  const common = ['lib', 'lib64'].map((lib) => at(lib, library, 'site-packages'));
  return existing([...local, ...common, ...ofDebian, at('Lib', 'site-packages')]);
}

/** Where `pip install --user` puts packages; none where Python is told to leave them out. */
export function userSite(
  prefix: Prefix,
  around: { readonly environment: Readonly<Record<string, string | undefined>>; readonly home: string },
): string[] {
  const { PYTHONNOUSERSITE, PYTHONUSERBASE, APPDATA } = around.environment;
  if ((PYTHONNOUSERSITE ?? '') !== '') {
    return [];
  }
  const library = libraryOf(prefix);
  const version = prefix.version ?? versionInName(library) ?? '';
  const base = PYTHONUSERBASE ?? path.join(around.home, '.local');
  const folders = [path.join(base, 'lib', library, 'site-packages')];
  if (version !== '' && prefix.folder.includes('.framework')) {
    folders.push(path.join(around.home, 'Library', 'Python', version, 'lib', 'python', 'site-packages'));
  }
  if (version !== '' && APPDATA !== undefined) {
    folders.push(path.join(APPDATA, 'Python', `Python${version.replace('.', '')}`, 'site-packages'));
  }
  return existing(folders);
}

/** With several versions in one prefix the interpreter's own, else the newest. */
function libraryOf(prefix: Prefix): string {
  const names = libraryFolders(prefix.folder);
  const { version } = prefix;
  return (
    names.find((name) => version !== null && versionInName(name) === version) ??
    names.find((name) => version !== null && versionInName(name) === `${version}t`) ??
    (version === null ? names[0] : undefined) ??
    `python${version ?? '3'}`
  );
}

/** `lib64` is often a link to `lib`, so folders are told apart by what they are. */
function existing(folders: readonly string[]): string[] {
  const real = new Map<string, string>();
  for (const folder of folders.filter(isFolder)) {
    const target = fs.realpathSync(folder);
    real.set(target, real.get(target) ?? folder);
  }
  return [...real.values()];
}
