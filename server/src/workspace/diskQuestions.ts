/** Questions to the disk whose answer is "no" where it can't be asked. */

import fs from 'node:fs';

export function isFolder(path: string): boolean {
  return path !== '' && (fs.statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false);
}

export function isFile(path: string): boolean {
  return fs.statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

export function namesIn(folder: string): string[] {
  try {
    return fs.readdirSync(folder);
  } catch {
    return [];
  }
}

/** A small text file without its byte order mark, null where there is none. */
export function textOf(file: string): string | null {
  try {
    return fs.readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  } catch {
    return null;
  }
}
