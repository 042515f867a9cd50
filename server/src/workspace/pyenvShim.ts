/** The interpreter that a shim of pyenv would start. */

import path from 'node:path';
import { isFile, isFolder, namesIn, textOf } from './diskQuestions';
import { newestFirst } from './pythonVersion';

export interface ShimSurroundings {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly folder: string | null;
}

/** The path itself where it is no shim, or where nothing tells the version. */
export function behindShim(python: string, around: ShimSurroundings): string {
  const shims = path.dirname(python);
  const root = path.dirname(shims);
  const versions = path.join(root, 'versions');
  if (path.basename(shims) !== 'shims' || !isFolder(versions)) {
    return python;
  }
  const name = path.basename(python).replace(/\.(?:bat|exe)$/i, '');
  for (const wanted of wantedVersions(root, around)) {
    const candidates =
      wanted === 'system'
        ? foldersOnPath(around, shims).map((folder) => path.join(folder, name))
        : matching(versions, wanted).flatMap((folder) => [
            path.join(folder, 'bin', name),
            path.join(folder, `${name}.exe`),
          ]);
    const found = candidates.find(isFile);
    if (found !== undefined) {
      return found;
    }
  }
  return python;
}

/** In pyenv's order: the variable, the version file of the folder or of one above, the global one, the system. */
function wantedVersions(root: string, around: ShimSurroundings): string[] {
  const variable = around.environment.PYENV_VERSION ?? '';
  if (variable !== '') {
    return variable.split(':');
  }
  for (let folder = around.folder; folder !== null; ) {
    const text = textOf(path.join(folder, '.python-version'));
    if (text !== null) {
      return versionsIn(text);
    }
    const parent = path.dirname(folder);
    folder = parent === folder ? null : parent;
  }
  return [...versionsIn(textOf(path.join(root, 'version')) ?? ''), 'system'];
}

function versionsIn(text: string): string[] {
  return text
    .replace(/#.*$/gm, '')
    .split(/\s+/)
    .filter((word) => word !== '');
}

/** `3.11` means the newest 3.11 that is there. */
function matching(versions: string, wanted: string): string[] {
  const names = namesIn(versions);
  const ofMinor = names.filter((name) => name.startsWith(`${wanted}.`)).sort(newestFirst);
  return [wanted, ...ofMinor].filter((name) => names.includes(name)).map((name) => path.join(versions, name));
}

function foldersOnPath(around: ShimSurroundings, shims: string): string[] {
  return (around.environment.PATH ?? '').split(path.delimiter).filter((folder) => folder !== '' && folder !== shims);
}
