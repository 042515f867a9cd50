/** Which file an import means, and under which name a file is imported. */

import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { ModuleResolver } from '../../../server/src/source/moduleResolver';
import { MemoryTree } from './memoryTree';

const SITE = '/env/lib/python3.11/site-packages';

const tree = [
  // A package beside scripts.
  '/ws/train.py',
  '/ws/pkg/__init__.py',
  '/ws/pkg/top.py',
  '/ws/pkg/models/__init__.py',
  '/ws/pkg/models/resnet.py',
  '/ws/pkg/models/local.py',
  '/ws/pkg/models/deep/__init__.py',
  '/ws/pkg/models/deep/er/__init__.py',
  '/ws/pkg/models/deep/er/head.py',
  '/ws/pkg/forgotten/inner.py',
  '/ws/pkg/both.py',
  '/ws/pkg/types.py',
  '/ws/pkg/both.pyi',
  '/ws/pkg/stub.pyi',
  '/ws/pkg/_C.cpython-311-x86_64-linux-gnu.so',
  // Scripts, and a namespace package.
  '/ws/scripts/run.py',
  '/ws/scripts/common.py',
  '/ws/scripts/logging.py',
  '/ws/space/one/a.py',
  '/ws/space/two/b.py',
  // `src`, and a monorepo.
  '/ws/src/laid/__init__.py',
  '/ws/src/laid/core.py',
  '/ws/tests/test_core.py',
  '/ws/packages/a/src/mono/__init__.py',
  '/ws/packages/a/src/mono/net.py',
  '/ws/packages/a/src/mono/part/__init__.py',
  '/ws/packages/a/tests/test_net.py',
  '/ws/packages/b/src/other/__init__.py',
  // No import statement can name this folder.
  '/ws/my-node/__init__.py',
  '/ws/my-node/nodes.py',
  '/ws/my-node/sub/__init__.py',
  '/ws/my-node/sub/x.py',
  // Installed; `pkg` is also in the workspace, `notes` is a package here and a mere folder there.
  `${SITE}/pkg/__init__.py`,
  `${SITE}/pkg/extra.py`,
  `${SITE}/pkg/models/resnet.py`,
  `${SITE}/torch/__init__.py`,
  `${SITE}/torch/nn/__init__.py`,
  `${SITE}/torch/nn/modules/conv.py`,
  `${SITE}/vision/__init__.py`,
  `${SITE}/vision/models/__init__.py`,
  `${SITE}/vision/models/vit.py`,
  `${SITE}/single.py`,
  `${SITE}/tool/vendored/inner/__init__.py`,
  `${SITE}/tool/vendored/inner/deep.py`,
  `${SITE}/tool/vendored/inner/types.py`,
  `${SITE}/dataclasses.py`,
  `${SITE}/vision/local.py`,
  `${SITE}/notes/__init__.py`,
  `${SITE}/notes/text.py`,
  '/ws/notes/text.py',
  '/second/late.py',
  '/loose/script.py',
  '/loose/beside.py',
];

const resolver = () =>
  new ModuleResolver(new MemoryTree(tree), {
    searchPaths: () => [SITE, '/second/'],
    workspaceFolders: () => ['/ws/'],
    paths: path.posix,
  });

describe('the name under which a file is imported', () => {
  test.each([
    ['/ws/pkg/models/resnet.py', 'pkg.models.resnet'],
    ['/ws/pkg/__init__.py', 'pkg'],
    ['/ws/pkg/models/deep/er/__init__.py', 'pkg.models.deep.er'],
    ['/ws/train.py', 'train'],
    ['/ws/space/one/a.py', 'a'],
    ['/ws/src/laid/core.py', 'laid.core'],
    ['/ws/packages/a/src/mono/net.py', 'mono.net'],
    ['/ws/pkg/forgotten/inner.py', 'pkg.forgotten.inner'],
    ['/ws/my-node/nodes.py', 'nodes'],
    ['/ws/my-node/sub/x.py', 'sub.x'],
    [`${SITE}/torch/nn/modules/conv.py`, 'torch.nn.modules.conv'],
    ['/loose/script.py', 'script'],
  ])('%s is %s', (file, name) => {
    expect(resolver().moduleName(file)).toBe(name);
  });
});

describe('the file of an absolute import', () => {
  test.each<[module: string, from: string, file: string | null]>([
    ['pkg', '/ws/train.py', '/ws/pkg/__init__.py'],
    ['pkg.models.resnet', '/ws/train.py', '/ws/pkg/models/resnet.py'],
    ['pkg.models', '/ws/pkg/top.py', '/ws/pkg/models/__init__.py'],
    ['pkg.forgotten.inner', '/ws/train.py', '/ws/pkg/forgotten/inner.py'],
    ['pkg.both', '/ws/train.py', '/ws/pkg/both.py'],
    ['pkg.stub', '/ws/train.py', null],
    ['pkg._C', '/ws/train.py', null],
    ['pkg.nothing', '/ws/train.py', null],
    ['', '/ws/train.py', null],
    // Scripts import what is beside them; modules of a package do so only when run as scripts.
    ['common', '/ws/scripts/run.py', '/ws/scripts/common.py'],
    ['scripts.common', '/ws/scripts/run.py', '/ws/scripts/common.py'],
    ['local', '/ws/pkg/models/resnet.py', '/ws/pkg/models/local.py'],
    ['beside', '/loose/script.py', '/loose/beside.py'],
    ['common', '/ws/train.py', null],
    ['local', `${SITE}/vision/__init__.py`, null],
    ['deep', `${SITE}/tool/vendored/inner/types.py`, null],
    ['inner.deep', `${SITE}/tool/vendored/inner/types.py`, `${SITE}/tool/vendored/inner/deep.py`],
    // The standard library goes before all but the folders that Python starts from.
    ['logging', '/ws/scripts/run.py', '/ws/scripts/logging.py'],
    ['logging', '/ws/pkg/top.py', null],
    ['types', '/ws/pkg/top.py', null],
    ['dataclasses', '/ws/pkg/top.py', null],
    ['dataclasses', `${SITE}/vision/local.py`, null],
    // Namespace packages.
    ['space', '/ws/train.py', null],
    ['space.two', '/ws/train.py', null],
    ['space.two.b', '/ws/space/one/a.py', '/ws/space/two/b.py'],
    ['notes.text', '/ws/train.py', `${SITE}/notes/text.py`],
    // `src` and monorepos.
    ['laid.core', '/ws/tests/test_core.py', '/ws/src/laid/core.py'],
    ['mono.net', '/ws/packages/a/tests/test_net.py', '/ws/packages/a/src/mono/net.py'],
    ['mono.part', '/ws/packages/a/src/mono/net.py', '/ws/packages/a/src/mono/part/__init__.py'],
    ['mono.net', '/ws/packages/b/src/other/__init__.py', null],
    // The workspace's copy against the installed one.
    ['pkg.models.resnet', `${SITE}/vision/models/vit.py`, `${SITE}/pkg/models/resnet.py`],
    ['pkg.extra', '/ws/train.py', `${SITE}/pkg/extra.py`],
    ['torch.nn', '/ws/pkg/top.py', `${SITE}/torch/nn/__init__.py`],
    ['torch.nn.modules.conv', '/ws/pkg/top.py', `${SITE}/torch/nn/modules/conv.py`],
    ['single', '/ws/train.py', `${SITE}/single.py`],
    ['late', `${SITE}/single.py`, '/second/late.py'],
    ['torch', '/loose/script.py', `${SITE}/torch/__init__.py`],
  ])('%s in %s', (module, from, file) => {
    expect(resolver().resolve(module, from)).toBe(file);
  });
});

describe('what a relative import means', () => {
  test.each<[level: number, module: string, from: string, name: string | null, member: string | null]>([
    [1, 'local', '/ws/pkg/models/resnet.py', 'pkg.models.local', '/ws/pkg/models/local.py'],
    [1, '', '/ws/pkg/models/resnet.py', 'pkg.models', '/ws/pkg/models/__init__.py'],
    [1, 'resnet', '/ws/pkg/models/__init__.py', 'pkg.models.resnet', '/ws/pkg/models/resnet.py'],
    [2, 'top', '/ws/pkg/models/resnet.py', 'pkg.top', '/ws/pkg/top.py'],
    [2, '', '/ws/pkg/models/__init__.py', 'pkg', '/ws/pkg/__init__.py'],
    [3, 'local', '/ws/pkg/models/deep/er/head.py', 'pkg.models.local', '/ws/pkg/models/local.py'],
    [4, 'models.resnet', '/ws/pkg/models/deep/er/head.py', 'pkg.models.resnet', '/ws/pkg/models/resnet.py'],
    [2, 'top', '/ws/pkg/forgotten/inner.py', 'pkg.top', '/ws/pkg/top.py'],
    [2, 'train', '/ws/pkg/top.py', null, null],
    [9, 'x', '/ws/pkg/top.py', null, null],
    [0, 'pkg.top', '/ws/train.py', 'pkg.top', '/ws/pkg/top.py'],
    // Folders without `__init__.py`.
    [1, 'common', '/ws/scripts/run.py', 'common', '/ws/scripts/common.py'],
    [2, 'two.b', '/ws/space/one/a.py', 'space.two.b', '/ws/space/two/b.py'],
    [3, 'pkg', '/ws/space/one/a.py', null, null],
    [1, 'beside', '/loose/script.py', 'beside', '/loose/beside.py'],
    [2, 'other', '/loose/script.py', null, null],
    // A package without a name.
    [1, 'nodes', '/ws/my-node/__init__.py', 'nodes', '/ws/my-node/nodes.py'],
    [2, 'nodes', '/ws/my-node/sub/x.py', 'nodes', '/ws/my-node/nodes.py'],
    [3, 'train', '/ws/my-node/sub/x.py', null, null],
  ])('level %i, %s in %s', (level, module, from, name, member) => {
    const one = resolver();
    const absolute = one.absolute(level, module, from);
    expect(absolute).toBe(name);
    expect(absolute === null ? null : one.resolve(absolute, from)).toBe(member);
  });

  test('`from . import x` in a folder that is no package names the folder as the empty string', () => {
    expect(resolver().absolute(1, '', '/ws/scripts/run.py')).toBe('');
  });
});

test('paths of Windows', () => {
  const root = 'c:\\code\\ws';
  const site = 'C:\\Python311\\Lib\\site-packages';
  const files = [
    `${root}\\pkg\\__init__.py`,
    `${root}\\pkg\\a.py`,
    `${root}\\pkg\\sub\\__init__.py`,
    `${root}\\pkg\\sub\\b.py`,
    `${site}\\torch\\__init__.py`,
  ];
  const resolver = new ModuleResolver(new MemoryTree(files, path.win32), {
    searchPaths: () => [site],
    workspaceFolders: () => [`${root}\\`],
    paths: path.win32,
  });
  expect(resolver.moduleName(`${root}\\pkg\\sub\\b.py`)).toBe('pkg.sub.b');
  expect(resolver.absolute(2, 'a', `${root}\\pkg\\sub\\b.py`)).toBe('pkg.a');
  expect(resolver.absolute(3, 'a', `${root}\\pkg\\sub\\b.py`)).toBe(null);
  expect(resolver.resolve('pkg.a', `${root}\\pkg\\sub\\b.py`)).toBe(`${root}\\pkg\\a.py`);
  expect(resolver.resolve('torch', `${root}\\pkg\\a.py`)).toBe(`${site}\\torch\\__init__.py`);
});

describe('what is remembered', () => {
  test('a second question asks the disk nothing, a miss of another module at most once for each root', () => {
    const memory = new MemoryTree(tree);
    const one = new ModuleResolver(memory, { searchPaths: () => [SITE], workspaceFolders: () => ['/ws'] });
    one.resolve('pkg.models.resnet', '/ws/pkg/top.py');
    one.resolve('absent', '/ws/pkg/top.py');
    const before = memory.questions;
    one.resolve('pkg.models.resnet', '/ws/pkg/top.py');
    one.resolve('another.absent', '/ws/pkg/top.py');
    expect(memory.questions).toBe(before);
  });

  test('is forgotten on request: a new file, and other search paths', () => {
    const memory = new MemoryTree(['/ws/a.py', '/site/lib.py']);
    let search: string[] = [];
    const one = new ModuleResolver(memory, { searchPaths: () => search, workspaceFolders: () => ['/ws'] });
    expect([one.resolve('b', '/ws/a.py'), one.resolve('lib', '/ws/a.py')]).toEqual([null, null]);
    memory.add('/ws/b.py');
    search = ['/site'];
    one.clear();
    expect([one.resolve('b', '/ws/a.py'), one.resolve('lib', '/ws/a.py')]).toEqual(['/ws/b.py', '/site/lib.py']);
  });
});

test('an `__init__.py` far above a script makes no package of the folders between', () => {
  const one = new ModuleResolver(
    new MemoryTree(['/users/__init__.py', '/users/a/b/c/x.py', '/users/me/__init__.py', '/users/me/p/y.py']),
    {
      searchPaths: () => [],
      workspaceFolders: () => ['/users/me/p'],
      paths: path.posix,
    },
  );
  expect([one.moduleName('/users/a/b/c/x.py'), one.moduleName('/users/me/p/y.py')]).toEqual(['x', 'y']);
});
