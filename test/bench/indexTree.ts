/**
 * Indexing a tree of Python files, against only parsing the same files with the same tree-sitter; and again with what the first start
 * has kept. Each cell is a process of its own; the cells of a round follow each other.
 */

import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { z } from 'zod';
import { IndexCache } from '../../server/src/indexCache';
import { SERVER_FLAGS } from '../../server/src/protocol/serverFlags';
import { Mapper } from '../../server/src/source/mapper';
import { mayHoldModules } from '../../server/src/source/mayHoldModules';
import { NOTHING } from '../../server/src/source/summarize';
import { openParser } from '../../server/src/syntax/openParser';
import { SourceReader } from '../../server/src/syntax/sourceReader';
import { findPythonFiles, readSource } from '../../server/src/workspace/pythonFiles';
import { WorkspaceFiles } from '../../server/src/workspaceFiles';
import { WorkspaceIndex } from '../../server/src/workspaceIndex';
import { defaultTree } from './corpora';
import { median, ratio, run, spread } from './measure';
import { wasm } from './wasm';

const ROUNDS = 5;

const cellSchema = z.object({
  ms: z.number(),
  cpu: z.number(),
  megabytes: z.number(),
  files: z.number(),
  skipped: z.number(),
});
type Cell = z.infer<typeof cellSchema>;

async function main(): Promise<void> {
  const [, , first, ...rest] = process.argv;
  if (first === '--cell') {
    const [kind = '', cacheFolder = '', ...folders] = rest;
    console.log(JSON.stringify(await measure(kind, cacheFolder, folders)));
    return;
  }
  const given = [first, ...rest].flatMap((one) => (one === undefined ? [] : path.resolve(one)));
  const folders = given.length > 0 ? given : defaultTree();
  const cells: Record<string, Cell[]> = { parse: [], parseKept: [], first: [], second: [] };
  for (let round = 0; round < ROUNDS; round += 1) {
    const cacheFolder = fs.mkdtempSync(path.join(os.tmpdir(), 'layer-peek-bench-'));
    try {
      for (const [kind, all] of Object.entries(cells)) {
        all.push(fresh(kind, cacheFolder, folders));
      }
    } finally {
      fs.rmSync(cacheFolder, { recursive: true, force: true });
    }
  }
  report(folders, cells);
}

function fresh(kind: string, cacheFolder: string, folders: readonly string[]): Cell {
  const output = execFileSync(
    process.execPath,
    [...process.execArgv, ...SERVER_FLAGS, __filename, '--cell', kind, cacheFolder, ...folders],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] },
  );
  return cellSchema.parse(JSON.parse(output));
}

function report(folders: readonly string[], cells: Record<string, Cell[]>): void {
  const times = (kind: string): number[] => (cells[kind] ?? []).map((one) => one.ms);
  /** Processor time: what it costs where other work shares the machine. */
  const work = (kind: string): number[] => (cells[kind] ?? []).map((one) => one.cpu);
  const peak = (kind: string): string => `${median((cells[kind] ?? []).map((one) => one.megabytes)).toFixed(0)} MB`;
  const [one] = cells.first ?? [];
  console.log(`${one?.files} files in ${folders.join(', ')}, ${one?.skipped} of them skipped; ${ROUNDS} rounds`);
  console.log(`parse all           ${spread(times('parse'))}`);
  console.log(`parse those kept    ${spread(times('parseKept'))}`);
  console.log(`index, first start  ${spread(times('first'))}, peak ${peak('first')}`);
  console.log(`index, second start ${spread(times('second'))}, peak ${peak('second')}`);
  console.log(`first start / parse all: ${ratio(times('first'), times('parse'))}; goal 1.5`);
  console.log(`first start / parse those kept: ${ratio(times('first'), times('parseKept'))}`);
  console.log(
    `the same in processor time: ${ratio(work('first'), work('parse'))} and ${ratio(work('first'), work('parseKept'))}`,
  );
  console.log(`first start / second start: ${ratio(times('first'), times('second'))}; goal 10`);
}

async function measure(kind: string, cacheFolder: string, folders: readonly string[]): Promise<Cell> {
  const parser = await openParser({ wasm });
  const start = performance.now();
  const opened = process.cpuUsage();
  const before = (opened.user + opened.system) / 1000;
  const cell =
    kind === 'first' || kind === 'second'
      ? await index(parser, start, cacheFolder, folders)
      : await parse(parser, start, kind, folders);
  const { user, system } = process.cpuUsage();
  return { ...cell, cpu: (user + system) / 1000 - before, megabytes: process.resourceUsage().maxRSS / 1024 };
}

type Parser = Awaited<ReturnType<typeof openParser>>;

async function parse(parser: Parser, start: number, kind: string, folders: readonly string[]) {
  let files = 0;
  let skipped = 0;
  for await (const file of findPythonFiles(folders, {}, () => nextTurn())) {
    const text = readSource(file) ?? '';
    files += 1;
    if (kind === 'parseKept' && !mayHoldModules(text)) {
      skipped += 1;
    } else {
      parser.parse(text).delete();
    }
  }
  return { ms: performance.now() - start, files, skipped };
}

async function index(parser: Parser, start: number, cacheFolder: string, folders: readonly string[]) {
  // As installed packages are found: in the folder that holds them.
  const installed = [...new Set(folders.map((folder) => path.dirname(folder)))];
  const files = new WorkspaceFiles({ workspace: () => folders, installed: () => installed });
  const cache = await IndexCache.open(cacheFolder, files.resolver, console.warn);
  const mapper: Mapper = new Mapper(new SourceReader(parser), files, (...asked) => cache.get(...asked));
  let skipped = 0;
  const all = new WorkspaceIndex(
    () => mapper,
    () => undefined,
    () => undefined,
    () => installed,
  );
  all.cache = cache;
  await all.start(folders);
  const ms = performance.now() - start;
  for (const parsed of all.files.values()) {
    skipped += parsed === NOTHING ? 1 : 0;
  }
  all.dispose();
  await cache.save();
  return { ms, files: all.files.size, skipped };
}

run(main);
