/** Which files of a workspace are read, and as which text. */

import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { type FindOptions, findPythonFiles, readSource } from '../../../server/src/workspace/pythonFiles';
import { temporaryFolder } from './temporaryFolder';

const workspace = {
  'a.py': '',
  'notes.txt': '',
  'pkg/__init__.py': '',
  'pkg/build/__init__.py': '',
  'pkg/build/maker.py': '',
  'pkg/stub.pyi': '',
  'pkg/deep/er/b.py': '',
  'build/lib/pkg/__init__.py': '',
  'dist/c.py': '',
  '.hidden/d.py': '',
  'node_modules/x/e.py': '',
  'pkg/__pycache__/f.py': '',
  'env/pyvenv.cfg': '',
  'env/lib/python3.11/g.py': '',
  'conda/conda-meta/history': '',
  'conda/h.py': '',
  'target/site-packages/i.py': '',
  'folder.py/j.py': '',
};
const all = [
  'a.py',
  'folder.py/j.py',
  'pkg/__init__.py',
  'pkg/build/__init__.py',
  'pkg/build/maker.py',
  'pkg/deep/er/b.py',
];

async function found(top: string, options: FindOptions = {}, folders = [top]): Promise<string[]> {
  const files: string[] = [];
  for await (const file of findPythonFiles(folders, options, async () => {})) {
    files.push(path.relative(top, file).split(path.sep).join('/'));
  }
  return files;
}

describe('the Python files of a workspace', () => {
  test('leave out environments, build results and hidden folders', async () => {
    expect((await found(temporaryFolder(workspace))).sort()).toEqual(all);
  });

  test.for<[glob: string, left: string[]]>([
    ['**/build', all.filter((name) => !name.includes('build'))],
    ['pkg/deep/**', all.filter((name) => !name.includes('deep'))],
    ['**/{a,b}.py', all.filter((name) => !/\b[ab]\.py$/.test(name))],
    ['deep', all],
  ])('leave out %s', async ([glob, left]) => {
    expect((await found(temporaryFolder(workspace), { exclude: [glob] })).sort()).toEqual(left);
  });

  test('come once from folders within each other; an environment is read where it is the workspace itself', async () => {
    const top = temporaryFolder(workspace);
    const folders = [top, path.join(top, 'pkg'), path.join(top, 'conda'), path.join(top, 'gone')];
    expect((await found(top, {}, folders)).sort()).toEqual([...all, 'conda/h.py'].sort());
  });

  test('end at a limit, which is told; nearer files come first', async () => {
    const limits: number[] = [];
    const top = temporaryFolder(workspace);
    expect(await found(top, { limit: 2, onLimit: (limit) => limits.push(limit) })).toEqual(['a.py', 'folder.py/j.py']);
    expect(limits).toEqual([2]);
    await found(top, { limit: all.length, onLimit: (limit) => limits.push(limit) });
    expect(limits).toEqual([2]);
  });
});

const bytes = (...parts: (string | number[])[]): Buffer =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from(part))));

describe('the text of a file', () => {
  test.for<[what: string, content: Buffer, text: string | null]>([
    ['UTF-8, line ends kept', bytes('x = "ü"\r\ny\n'), 'x = "ü"\r\ny\n'],
    ['a byte order mark', bytes([0xef, 0xbb, 0xbf], '# coding: latin-1\nü'), '# coding: latin-1\nü'],
    [
      'latin-1 in the first line',
      bytes('# -*- coding: latin-1 -*-\nx = "', [0xfc], '"\n'),
      '# -*- coding: latin-1 -*-\nx = "ü"\n',
    ],
    [
      'iso-8859-1 in the second line',
      bytes('#!/usr/bin/python\r\n# vim: set fileencoding=ISO-8859-1 :\r\n', [0xe9, 0x80]),
      '#!/usr/bin/python\r\n# vim: set fileencoding=ISO-8859-1 :\r\né\u0080',
    ],
    ['another encoding that is known', bytes('# coding: cp1251\n', [0xcf]), '# coding: cp1251\nП'],
    ['an encoding that nobody knows', bytes('# coding: rot13\nü', [0xff]), '# coding: rot13\nü\uFFFD'],
    ['a coding line too late', bytes('x\n\n# coding: latin-1\nü'), 'x\n\n# coding: latin-1\nü'],
    ['a coding line after code', bytes('x = 1\n# coding: latin-1\nü'), 'x = 1\n# coding: latin-1\nü'],
    ['bytes that are no UTF-8', bytes('a', [0xff], 'b'), 'a\uFFFDb'],
    ['an empty file', bytes(''), ''],
    ['exactly 4 MB', Buffer.alloc(4 * 1024 * 1024, 'a'), 'a'.repeat(4 * 1024 * 1024)],
    ['more than 4 MB', Buffer.alloc(4 * 1024 * 1024 + 1, 'a'), null],
  ])('%s', ([, content, text]) => {
    expect(readSource(path.join(temporaryFolder({ 'a.py': content }), 'a.py')) === text).toBe(true);
  });

  test('is null for what is no file', () => {
    const top = temporaryFolder({ 'pkg.py/a.py': '' });
    expect([readSource(path.join(top, 'gone.py')), readSource(path.join(top, 'pkg.py'))]).toEqual([null, null]);
  });
});
