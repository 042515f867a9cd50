/** What the `.pth` files of a folder of packages add to the search paths: plain paths, and editable installs, whose code is read and never run. */

import path from 'node:path';
import { isFolder, namesIn, textOf } from './diskQuestions';

/** `'name': '/where/it/is'`, as the finder of an editable install maps its packages. */
const MAPPED = /(['"])([\w.]+)\1\s*:\s*(?:\[\s*)?(['"])((?:\\.|(?!\3)[^\\\r\n])+)\3/g;

/** The folders added, in the order of the files' names as Python has it. */
export function pathsAddedIn(site: string): string[] {
  return namesIn(site)
    .filter((name) => name.endsWith('.pth') && !name.startsWith('.'))
    .sort()
    .flatMap((name) => (textOf(path.join(site, name)) ?? '').split(/\r\n|\r|\n/))
    .flatMap((line) => foldersOfLine(line.trimEnd(), site))
    .filter(isFolder);
}

function foldersOfLine(line: string, site: string): string[] {
  if (line.trim() === '' || line.startsWith('#')) {
    return [];
  }
  const code = /^import[ \t]+(\w+)/.exec(line);
  if (code === null) {
    return [path.resolve(site, line)];
  }
  return foldersOfFinder(textOf(path.join(site, `${code[1]}.py`)) ?? '');
}

/** The folder that holds each mapped package; a package whose folder has another name can't be told by a search path. */
function foldersOfFinder(code: string): string[] {
  const folders = [...code.matchAll(MAPPED)].flatMap(([, , name = '', , literal = '']) => {
    const target = unescaped(literal).replace(/[\\/]__init__\.py$|\.py$/, '');
    const segments = name.split('.');
    const up = segments.map(() => '..');
    const isNamedAlike = target.split(/[\\/]/).slice(-segments.length).join('.') === name;
    return path.isAbsolute(target) && isNamedAlike ? [path.join(target, ...up)] : [];
  });
  return [...new Set(folders)];
}

function unescaped(literal: string): string {
  return literal.replace(/\\(?:x([\da-f]{2})|u([\da-f]{4})|(.))/gi, (_, two, four, plain) =>
    plain === undefined ? String.fromCharCode(Number.parseInt(two ?? four, 16)) : plain,
  );
}
