/**
 * From a click to the shapes in the editor, warm, against building and running the same model plainly in a warm process.
 * Runs of both alternate, so that the machine's other work hits both alike.
 */

import { spawn } from 'node:child_process';
import path from 'node:path';
import readline from 'node:readline';
import { LanguageServer, python, root } from '../lsp/languageServer';

const ROUNDS = 20;
const cases = [
  { file: 'simple_model.py', className: 'SimpleModel', recipe: 'SimpleModel()(torch.randn(1, 3, 8, 8))' },
  { file: 'resnet.py', className: 'ResNet', recipe: 'resnet18()(torch.randn(1, 3, 224, 224))' },
  {
    file: 'tiny_gpt.py',
    className: 'TinyGPT',
    recipe:
      'TinyGPT(GPTConfig())({"input_ids": torch.randint(0, 1000, (1, 16))}, labels=torch.randint(0, 1000, (1, 16)))',
  },
];

async function main(): Promise<void> {
  const examples = path.join(root, 'examples');
  const server = await LanguageServer.start({ folder: examples });
  try {
    for (const { file, className, recipe } of cases) {
      const uri = await server.open(path.join(examples, file));
      const plain = new PlainRuns(path.join(examples, file), recipe);
      const clicks: number[] = [];
      const baseline: number[] = [];
      // The first runs of both load what the later ones find loaded.
      for (let round = -3; round < ROUNDS; round += 1) {
        const start = performance.now();
        const outcome = await server.capture(uri, className);
        const hints = await server.hints(uri);
        const took = performance.now() - start;
        if (outcome.status !== 'ok' || hints.size === 0) {
          throw new Error(outcome.message);
        }
        const plainly = await plain.next();
        if (round >= 0) {
          clicks.push(took);
          baseline.push(plainly);
        }
      }
      plain.stop();
      const more = median(clicks) - median(baseline);
      console.log(
        `${file.padEnd(18)} click to shapes ${spread(clicks)}   plain run ${spread(baseline)}   ratio ${(median(clicks) / median(baseline)).toFixed(2)}, ${more.toFixed(0)} ms more`,
      );
    }
  } finally {
    await server.stop();
  }
}

class PlainRuns {
  private readonly process;
  private readonly lines;

  constructor(file: string, recipe: string) {
    this.process = spawn(python, [path.join(root, 'test/bench/plainRuns.py'), file, recipe], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.lines = readline.createInterface({ input: this.process.stdout })[Symbol.asyncIterator]();
  }

  async next(): Promise<number> {
    this.process.stdin.write('\n');
    const { value } = await this.lines.next();
    return Number(value);
  }

  stop(): void {
    this.process.stdin.end();
  }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** Median and the middle half, in milliseconds. */
function spread(values: readonly number[]): string {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): string => (sorted[Math.floor(sorted.length * share)] ?? Number.NaN).toFixed(0);
  return `${at(0.5)} ms (${at(0.25)} to ${at(0.75)})`;
}

void main().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
