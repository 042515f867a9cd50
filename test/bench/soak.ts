/**
 * A thousand captures in a row through the real server: good ones, failing ones, crashes, output in masses, processes that are left
 * behind. Tells what server and helper hold; ends with an error where they grow. Linux only: the figures are those of /proc.
 */

import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { LanguageServer, until } from '../lsp/languageServer';
import { descendantsOf } from '../lsp/processes';
import { run } from './measure';

const CAPTURES = 1000;
const EVERY = 100;
/** Captures before the first figures count: what is imported and compiled once is there by then. */
const SETTLED = 200;
/** Growth from then to the end that is an error, in MB: the server's heap breathes, the helper's does not. */
const LIMITS = { server: 64, guardian: 1, helper: 8 };

const forwards = [
  'pass',
  'pass',
  'pass',
  'raise ValueError("x" * 10_000)',
  'print("noise " * 100_000)',
  'self.fc(torch.zeros(1, 5))',
  'os._exit(3)',
  'subprocess.Popen(["sleep", "1000"], start_new_session=True)',
  '[self.fc(x) for _ in range(200)]',
  'torch.empty(2**50)',
];

const source = (forward: string): string => `import os, subprocess
import torch
from torch import nn

# peek: Net()(torch.randn(8, 512))
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(512, 512)

    def forward(self, x):
        x = self.fc(x)
        ${forward}
        return x
`;

interface Facts {
  readonly server: number;
  readonly guardian: number;
  readonly helper: number;
  readonly descriptors: number;
  readonly processes: number;
}

run(async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'layer-peek-'));
  const server = await LanguageServer.start({ folder });
  const pid = server.process.pid ?? 0;
  try {
    const uri = await server.open(path.join(folder, 'model.py'), source('pass'));
    const rows: { captures: number; facts: Facts }[] = [];
    const started = performance.now();
    for (let count = 1; count <= CAPTURES; count += 1) {
      const forward = forwards[count % forwards.length] ?? 'pass';
      await server.change(uri, source(forward));
      const { status, message } = await server.capture(uri, 'Net');
      await server.hints(uri);
      if (forward === 'pass' && status !== 'ok') {
        throw new Error(`Capture ${count} failed: ${message}`);
      }
      // What the tests themselves hold is no part of the measure.
      server.output.length = 0;
      server.states.length = 0;
      if (count % EVERY === 0) {
        const facts = factsOf(pid);
        rows.push({ captures: count, facts });
        console.log(line(count, facts));
      }
    }
    console.log(`${((performance.now() - started) / CAPTURES).toFixed(0)} ms a capture`);
    judge(rows);
  } finally {
    const left = descendantsOf(pid);
    await server.stop();
    await until(() => left.every((one) => !fs.existsSync(`/proc/${one}`)));
    fs.rmSync(folder, { recursive: true, force: true });
  }
});

function judge(rows: { captures: number; facts: Facts }[]): void {
  const first = rows.find((one) => one.captures >= SETTLED)?.facts;
  const last = rows.at(-1)?.facts;
  if (first === undefined || last === undefined) {
    throw new Error('Nothing was measured.');
  }
  for (const who of ['server', 'guardian', 'helper'] as const) {
    if (last[who] - first[who] > LIMITS[who]) {
      throw new Error(`The ${who} grew by ${(last[who] - first[who]).toFixed(1)} MB.`);
    }
  }
  if (last.descriptors > first.descriptors || last.processes > first.processes) {
    throw new Error('Descriptors or processes are left behind.');
  }
}

function line(count: number, { server, guardian, helper, descriptors, processes }: Facts): string {
  const megabytes = (value: number): string => `${value.toFixed(1)} MB`.padStart(9);
  return `${String(count).padStart(5)} captures   server ${megabytes(server)}   guardian ${megabytes(guardian)}   helper ${megabytes(helper)}   ${descriptors} descriptors   ${processes} processes`;
}

/** What the server, the guardian and the helper below it hold; the process of the last capture is not theirs. */
function factsOf(server: number): Facts {
  const [guardian = 0, helper = 0] = descendantsOf(server);
  const owners = [server, guardian, helper];
  return {
    server: resident(server),
    guardian: resident(guardian),
    helper: resident(helper),
    descriptors: owners.map((pid) => fs.readdirSync(`/proc/${pid}/fd`).length).reduce((sum, one) => sum + one, 0),
    processes: descendantsOf(server).length,
  };
}

function resident(pid: number): number {
  const status = fs.readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
}
