/**
 * What a capture in values mode costs against a plain forward of the same model, and what torchinfo, torchview and TorchLens cost.
 * Each cell is a process of its own, in which tool and plain forward take turns; cells are run in turns as well.
 */

import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { python, root } from '../lsp/languageServer';
import { ratio, run, spread } from './measure';

const ROUNDS = Number(process.env.LAYER_PEEK_BENCH_ROUNDS ?? 3);
const PAIRS = 4;
const models = ['resnet50', 'vit-b', 'gpt2'];
const tools = [
  'plain',
  'layer-peek',
  'layer-peek, nothing kept',
  'layer-peek, statistics',
  'torchinfo',
  'torchview',
  'torchlens',
];
const threads = [1, 2];

const folder = path.join(root, 'test/bench/overhead');
const cellSchema = z.object({
  plain: z.array(z.number()),
  tool: z.array(z.number()),
  plainPeak: z.number(),
  peak: z.number(),
  bytes: z.number(),
  messages: z.number(),
});
type Cell = z.infer<typeof cellSchema>;

async function main(): Promise<void> {
  const [packages] = process.argv.slice(2);
  if (packages === undefined) {
    throw new Error('Name the folder where the tools of requirements.txt are installed.');
  }
  for (const model of models) {
    for (const count of threads) {
      const cells = new Map<string, Cell[]>(tools.map((tool) => [tool, []]));
      for (let round = 0; round < ROUNDS; round += 1) {
        for (const tool of tools) {
          cells.get(tool)?.push(await measure(tool, model, count, packages));
        }
      }
      console.log(`\n${model}, ${count} ${count === 1 ? 'thread' : 'threads'}`);
      for (const [tool, measured] of cells) {
        console.log(rowOf(tool, measured));
      }
    }
  }
}

async function measure(tool: string, model: string, count: number, packages: string): Promise<Cell> {
  const args = [path.join(folder, 'cell.py'), tool, model, String(count), String(PAIRS)];
  const { stdout } = await promisify(execFile)(python, [...args, folder, path.join(root, 'python-helper'), packages], {
    maxBuffer: 1 << 26,
  });
  return cellSchema.parse(JSON.parse(stdout.trim().split('\n').at(-1) ?? ''));
}

function rowOf(tool: string, cells: readonly Cell[]): string {
  const plain = cells.flatMap((cell) => cell.plain);
  const own = cells.flatMap((cell) => cell.tool);
  const memory = cells.map((cell) => cell.peak / cell.plainPeak);
  const sent = cells[0]?.bytes ?? 0;
  return [
    tool.padEnd(26),
    spread(own).padEnd(26),
    `ratio ${ratio(own, plain)}`.padEnd(30),
    `peak memory ${Math.max(...memory).toFixed(2)}`,
    sent === 0 ? '' : `  ${Math.round(sent / 1024)} kB in ${cells[0]?.messages} messages`,
  ].join('');
}

run(main);
