/** The disk as finding modules sees it. */

import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { ModuleResolver } from '../../../server/src/source/moduleResolver';
import { DiskTree } from '../../../server/src/workspace/diskTree';
import { temporaryFolder } from './temporaryFolder';

test('tells files and folders, by their exact names', () => {
  const top = temporaryFolder({ 'pkg/__init__.py': '', 'pkg/Net.py': '' });
  const tree = new DiskTree();
  const at = (name: string): string => path.join(top, name);
  expect([tree.isFile(at('pkg/Net.py')), tree.isFile(at('pkg/net.py')), tree.isFile(at('pkg'))]).toEqual([
    true,
    false,
    false,
  ]);
  expect([tree.isFolder(at('pkg')), tree.isFolder(at('pkg/Net.py')), tree.isFolder(at('gone/deep'))]).toEqual([
    true,
    false,
    false,
  ]);
  expect([...tree.names(at('pkg'))].sort()).toEqual(['Net.py', '__init__.py']);
  expect(tree.names(at('gone'))).toEqual([]);
  expect(tree.isFolder(path.parse(top).root)).toBe(true);
});

test.skipIf(process.platform === 'win32')('follows links, and takes a broken one for nothing', () => {
  const top = temporaryFolder({
    'real/a.py': '',
    linked: { link: 'real' },
    'b.py': { link: 'real/a.py' },
    'broken.py': { link: 'gone.py' },
  });
  const tree = new DiskTree();
  expect(['b.py', 'broken.py', 'linked/a.py'].map((name) => tree.isFile(path.join(top, name)))).toEqual([
    true,
    false,
    true,
  ]);
  expect(tree.isFolder(path.join(top, 'linked'))).toBe(true);
});

test('remembers until it is told that something changed', () => {
  const top = temporaryFolder({ 'pkg/__init__.py': '' });
  const tree = new DiskTree();
  const added = path.join(top, 'pkg', 'added.py');
  expect(tree.isFile(added)).toBe(false);
  fs.writeFileSync(added, '');
  expect(tree.isFile(added)).toBe(false);
  tree.invalidate(added);
  expect(tree.isFile(added)).toBe(true);
});

test('a folder that is deleted takes what is below with it', () => {
  const top = temporaryFolder({ 'pkg/sub/a.py': '', 'pkgs/a.py': '' });
  const tree = new DiskTree();
  const below = path.join(top, 'pkg', 'sub', 'a.py');
  expect([tree.isFile(below), tree.isFolder(path.join(top, 'pkg'))]).toEqual([true, true]);
  fs.rmSync(path.join(top, 'pkg'), { recursive: true });
  tree.invalidate(path.join(top, 'pkg'));
  expect([tree.isFile(below), tree.isFolder(path.join(top, 'pkg'))]).toEqual([false, false]);
});

test('modules are found on it', () => {
  const top = temporaryFolder({ 'ws/src/pkg/__init__.py': '', 'ws/src/pkg/net.py': '', 'ws/tests/test_net.py': '' });
  const resolver = new ModuleResolver(new DiskTree(), {
    searchPaths: () => [],
    workspaceFolders: () => [path.join(top, 'ws')],
  });
  const from = path.join(top, 'ws', 'tests', 'test_net.py');
  expect(resolver.resolve('pkg.net', from)).toBe(path.join(top, 'ws', 'src', 'pkg', 'net.py'));
});
