/** What is known of the workspace is kept for the next start, and counts only as long as nothing has changed that it hangs on. */

import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { IndexCache } from '../../server/src/indexCache';
import type { ParsedFile } from '../../server/src/model/moduleClass';
import { Mapper } from '../../server/src/source/mapper';
import { openReader } from '../../server/src/syntax/openReader';
import { WorkspaceFiles } from '../../server/src/workspaceFiles';
import { WorkspaceIndex } from '../../server/src/workspaceIndex';
import { temporaryFolder } from './files/temporaryFolder';
import { wasmFiles } from './wasmFiles';

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
  const cache = await IndexCache.open(cacheFolder, (message) => warnings.push(message));
  const begun = new Start(folder, cache);
  const files = new WorkspaceFiles({ workspace: () => [folder], installed: () => [] });
  const mapper: Mapper = new Mapper(await reader, files, (file, text, textOf) => {
    const kept = cache.get(file, text, textOf);
    begun.asked.set(path.basename(file), kept !== null);
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
  begun.results = new Map([...index.files].map(([file, parsed]) => [path.basename(file), parsed]));
  return begun;
}

function workspace(): { folder: string; cacheFolder: string } {
  const folder = temporaryFolder({ 'base.py': BASE, 'model.py': MODEL, 'other.py': OTHER, 'plain.py': 'x = 1\n' });
  return { folder, cacheFolder: temporaryFolder({}) };
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

  test('trusts nothing where a file was made or deleted, as imports may lead elsewhere', async () => {
    const { folder, cacheFolder } = workspace();
    await start(folder, cacheFolder);
    fs.writeFileSync(path.join(folder, 'more.py'), '');
    expect((await start(folder, cacheFolder)).kept).toEqual([]);
    expect((await start(folder, cacheFolder)).kept).toEqual(['base.py', 'model.py', 'other.py']);
    fs.rmSync(path.join(folder, 'more.py'));
    expect((await start(folder, cacheFolder)).kept).toEqual([]);
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
