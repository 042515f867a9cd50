/** What is known of the workspace is kept for the next start, and counts only as long as nothing has changed that it hangs on. */

import fs from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { IndexCache } from '../../server/src/indexCache';
import type { ParsedFile } from '../../server/src/model/moduleClass';
import { Mapper } from '../../server/src/source/mapper';
import { openReader } from '../../server/src/syntax/openReader';
import { WorkspaceFiles } from '../../server/src/workspaceFiles';
import { WorkspaceIndex } from '../../server/src/workspaceIndex';
import { temporaryFolder } from './files/temporaryFolder';
import { wasmFiles } from './wasmFiles';

vi.setConfig({ testTimeout: 60_000 });

const BASE = `
from torch import nn

class Base(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 8, 3)

    def forward(self, x):
        return self.stem(x)
`;
const MODEL = `
from torch import nn
from base import Base

class Model(Base):
    def __init__(self, width: int = 8):
        super().__init__()
        self.head = nn.Linear(width, 10)
`;
const OTHER = `
from torch import nn

class Other(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm = nn.LayerNorm(8)
`;

const reader = openReader(path.dirname(wasmFiles.runtime));

class Start {
  /** Files that the cache was asked for, with whether it had them. */
  readonly asked = new Map<string, boolean>();
  results = new Map<string, ParsedFile>();

  constructor(
    readonly folder: string,
    readonly cache: IndexCache,
  ) {}

  get kept(): string[] {
    return [...this.asked].flatMap(([file, had]) => (had ? [file] : [])).sort();
  }
}

async function start(folder: string, cacheFolder: string, warnings: string[] = []): Promise<Start> {
  const files = new WorkspaceFiles({ workspace: () => [folder], installed: () => [] });
  const cache = await IndexCache.open(cacheFolder, files.resolver, (message) => warnings.push(message));
  const begun = new Start(folder, cache);
  const relative = (file: string): string => path.relative(folder, file).split(path.sep).join('/');
  const mapper: Mapper = new Mapper(await reader, files, (file, text, textOf) => {
    const kept = cache.get(file, text, textOf);
    begun.asked.set(relative(file), kept !== null);
    return kept;
  });
  const index = new WorkspaceIndex(
    () => mapper,
    () => undefined,
    () => undefined,
  );
  index.cache = cache;
  await index.start([folder]);
  index.dispose();
  await cache.save();
  begun.results = new Map([...index.files].map(([file, parsed]) => [relative(file), parsed]));
  return begun;
}

function workspace(): { folder: string; cacheFolder: string } {
  const folder = temporaryFolder({ 'base.py': BASE, 'model.py': MODEL, 'other.py': OTHER, 'plain.py': 'x = 1\n' });
  return { folder, cacheFolder: temporaryFolder({}) };
}

function write(folder: string, name: string, text: string): void {
  fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
  fs.writeFileSync(path.join(folder, name), text);
}

/** After each round of changes a start with what the ones before kept finds the same as one that has nothing. */
async function compare(rounds: readonly (readonly { name: string; text: string | null }[])[]): Promise<void> {
  const { folder, cacheFolder } = { folder: temporaryFolder({}), cacheFolder: temporaryFolder({}) };
  for (const changes of rounds) {
    for (const { name, text } of changes) {
      if (text === null) {
        fs.rmSync(path.join(folder, name), { force: true });
      } else {
        write(folder, name, text);
      }
    }
    const { results } = await start(folder, cacheFolder);
    expect(results).toEqual((await start(folder, temporaryFolder({}))).results);
  }
}

describe('a second start', () => {
  test('takes what the first one found, and finds the same', async () => {
    const { folder, cacheFolder } = workspace();
    const first = await start(folder, cacheFolder);
    const second = await start(folder, cacheFolder);
    expect(first.kept).toEqual([]);
    expect(second.kept).toEqual(['base.py', 'model.py', 'other.py']);
    expect(second.results).toEqual(first.results);
    expect(second.results.get('model.py')?.classes[0]?.definitions.map((one) => one.pattern)).toEqual(['head']);
  });

  test('reads a changed file anew, and those that hang on it', async () => {
    const { folder, cacheFolder } = workspace();
    await start(folder, cacheFolder);
    fs.writeFileSync(path.join(folder, 'base.py'), BASE.replaceAll('stem', 'entry'));
    const second = await start(folder, cacheFolder);
    expect(second.kept).toEqual(['other.py']);
    expect(second.results.get('base.py')?.classes[0]?.definitions.map((one) => one.pattern)).toEqual(['entry']);
  });

  test.each([
    ['no import leads to', 'more.py', ['base.py', 'model.py', 'other.py', 'pack/net.py', 'user.py']],
    ['stands in the way of another', 'base/__init__.py', ['base.py', 'other.py', 'pack/net.py', 'user.py']],
    ['an import led nowhere for', 'missing.py', ['base.py', 'model.py', 'other.py', 'pack/net.py']],
    ['makes a package of a folder', 'pack/__init__.py', ['base.py', 'model.py', 'other.py', 'user.py']],
  ])('where a file was made that %s', async (_, name, kept) => {
    const { folder, cacheFolder } = workspace();
    write(folder, 'user.py', MODEL.replace('from base import', 'from missing import'));
    write(folder, 'pack/net.py', OTHER);
    await start(folder, cacheFolder);
    write(folder, name, BASE);
    const second = await start(folder, cacheFolder);
    expect(second.kept).toEqual(kept);
    expect(second.results).toEqual((await start(folder, temporaryFolder({}))).results);
    // All is kept anew.
    const third = await start(folder, cacheFolder);
    expect(third.kept).toEqual([...third.asked.keys()].sort());
  });

  test.each([
    ['base.py', ['other.py']],
    ['plain.py', ['base.py', 'model.py', 'other.py']],
  ])('where %s was deleted', async (name, kept) => {
    const { folder, cacheFolder } = workspace();
    await start(folder, cacheFolder);
    fs.rmSync(path.join(folder, name));
    const second = await start(folder, cacheFolder);
    expect(second.kept).toEqual(kept);
    expect(second.results).toEqual((await start(folder, temporaryFolder({}))).results);
  });

  test('finds what a first one would, whatever files came and went', async () => {
    const names = ['a.py', 'b.py', 'c.py', 'a/__init__.py', 'a/b.py', 'a/c.py', 'b/__init__.py', '__init__.py'];
    const modules = ['a', 'b', 'a.b', 'a.c', '.', '.a', '.b', '.c', '..', '..b'];
    const text = fc
      .record({ bases: fc.array(fc.constantFrom(...modules), { minLength: 1, maxLength: 3 }), star: fc.boolean() })
      .map(({ bases, star }) => {
        const imports = bases.map((one, index) => `from ${one} import ${star ? '*' : `A as A${index}, make`}`);
        const parents = star ? 'A' : bases.map((_, index) => `A${index}`).join(', ');
        return `from torch import nn\n${imports.join('\n')}\n\nclass A(${parents}, nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.x${bases.length} = make()\n        self.y = nn.Linear(1, 1)\n\ndef make():\n    return nn.Sequential(nn.ReLU())\n`;
      });
    const change = fc.record({ name: fc.constantFrom(...names), text: fc.option(text, { freq: 2 }) });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(change, { minLength: 1, maxLength: 4 }), { minLength: 2, maxLength: 4 }),
        (rounds) => compare(rounds),
      ),
      { numRuns: 60 },
    );
  });

  test.each(['', 'no cache', '{"a": 1}\n', null])('ignores a damaged file: %s', async (damage) => {
    const { folder, cacheFolder } = workspace();
    const first = await start(folder, cacheFolder);
    const [name = ''] = fs.readdirSync(cacheFolder);
    const file = path.join(cacheFolder, name);
    const whole = fs.readFileSync(file, 'utf8');
    fs.writeFileSync(file, damage ?? whole.replaceAll('"classes":[', '"classes":[7,'));
    const second = await start(folder, cacheFolder);
    expect(second.kept).toEqual([]);
    expect(second.results).toEqual(first.results);
  });

  test('works where nothing can be written', async () => {
    const { folder } = workspace();
    const warnings: string[] = [];
    const blocked = path.join(folder, 'plain.py', 'cache');
    const second = await start(folder, blocked, warnings);
    expect(second.results.size).toBe(4);
    expect(warnings).toHaveLength(1);
  });
});
