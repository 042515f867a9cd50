/** What user code can do to an editor's server: each fault is told, the next capture works, and nothing is left over. */

import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LanguageServer, lineOf, python, until } from './languageServer';
import { descendantsOf, isAlive } from './processes';
import { temporaryFolder } from './temporaryFolder';

/** A model that runs `body` in forward, after its layer. */
function model(body: string, load = ''): string {
  const inForward = body.replaceAll('\n', `\n${' '.repeat(8)}`);
  return `import ctypes, os, subprocess, sys, time
import torch
from torch import nn
${load}

# peek: Net()(torch.randn(1, 4))
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 2)

    def forward(self, x):
        x = self.fc(x)
        ${inForward}
        return x
`;
}

const shapeOf = async (server: LanguageServer, uri: string, source: string): Promise<string | undefined> =>
  (await server.hints(uri)).get(lineOf(source, 'self.fc = '));

async function expectWorks(server: LanguageServer, uri: string): Promise<void> {
  await server.change(uri, model('pass'));
  expect((await server.capture(uri, 'Net')).message).toMatch(/captured/);
  expect(await shapeOf(server, uri, model('pass'))).toBe('[1, 4] -> [1, 2]');
}

/** A file of its own for each test, in the folder that the helper was started for. */
let files = 0;
function fresh(): string {
  files += 1;
  return path.join(folder, `model${files}.py`);
}

let server: LanguageServer;
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'layer-peek-'));
beforeAll(async () => {
  server = await LanguageServer.start({
    folder,
    settings: { python: { path: python }, capture: { timeoutSeconds: 30, memoryLimitGB: 0.5 } },
  });
});
afterAll(async () => {
  await server.stop();
  fs.rmSync(folder, { recursive: true, force: true });
});

describe('a fault in forward is told with what to do, what ran before is kept', () => {
  const cases: { name: string; body: string; kind: string; says: RegExp }[] = [
    {
      name: 'the process exits',
      body: 'os._exit(3)',
      kind: 'died',
      says: /ended: with exit code 3.*was fc, called from line 13/,
    },
    {
      name: 'a segmentation fault',
      body: 'ctypes.string_at(0)',
      kind: 'died',
      says: /segmentation fault.*Show Model Output/,
    },
    { name: 'an abort', body: 'os.abort()', kind: 'died', says: /aborted.*SIGABRT/ },
    {
      name: 'closed descriptors',
      body: 'os.closerange(3, 256)',
      kind: 'died',
      says: /closed descriptors.*os\.closerange/,
    },
    { name: 'sys.exit', body: 'raise SystemExit(1)', kind: 'forward', says: /sys\.exit\(1\).*recipe/ },
    { name: 'a missing package', body: 'import no_such_package', kind: 'forward', says: /no_such_package/ },
    { name: 'recursion', body: 'self(torch.zeros(1, 4))', kind: 'forward', says: /recursion.*without end/ },
    {
      name: 'memory',
      body: 'y = [torch.ones(2**20) for _ in iter(int, 1)]',
      kind: 'memory',
      says: /limit of 512 MB.*memoryLimitGB/,
    },
    {
      name: 'memory of a subprocess',
      body: `subprocess.run([sys.executable, '-c', 'import time; x = bytearray(b"1") * (600 << 20); time.sleep(60)'])`,
      kind: 'memory',
      says: /processes it started.*512 MB.*layer that returned was fc/,
    },
    { name: 'a replaced function', body: 'torch.set_rng_state = None', kind: 'internal', says: /NoneType.*replaced/ },
    { name: 'an endless text', body: 'raise ValueError("x" * 10**8)', kind: 'forward', says: /characters left out/ },
  ];
  test.each(cases)('$name', async ({ body, kind, says }) => {
    const uri = await server.open(fresh(), model(body));
    const failed = await server.capture(uri, 'Net');
    expect(failed).toMatchObject({ status: 'failed', errorKind: kind });
    expect(failed.message.replaceAll('\n', ' ')).toMatch(says);
    expect(failed.message.length).toBeLessThan(6000);
    expect(await shapeOf(server, uri, model(body))).toContain('[1, 4] -> [1, 2]');
    await expectWorks(server, uri);
  });
});

describe('what never ends is stopped', () => {
  let hasty: LanguageServer;
  beforeAll(async () => {
    const settings = { python: { path: python }, capture: { timeoutSeconds: 3 } };
    hasty = await LanguageServer.start({ folder, settings });
    const uri = await hasty.open(fresh(), model('pass'));
    // After the first the helper imports what it will need; the second finds it ready. That time is not the model's.
    for (let round = 0; round < 2; round += 1) {
      await until(async () => (await hasty.capture(uri, 'Net')).status === 'ok');
    }
  });
  afterAll(() => hasty.stop());

  test.each([
    { name: 'a loop', body: 'while True: pass', load: '' },
    { name: 'a loop of calls', body: 'while True: self.fc(torch.zeros(1, 4))', load: '' },
    { name: "C code with Python's lock", body: 'ctypes.PyDLL(None).sleep(1000)', load: '' },
    { name: 'an import', body: 'pass', load: 'time.sleep(1000)' },
  ])('$name', async ({ body, load }) => {
    const uri = await hasty.open(fresh(), model(body, load));
    const failed = await hasty.capture(uri, 'Net');
    expect(failed.errorKind).toBe('timeout');
    expect(failed.message).toMatch(
      load === '' ? /was fc, called from line 1[34] of model\d+\.py/ : /Importing model\d+\.py/,
    );
    expect(failed.message).toContain('timeoutSeconds');
    await expectWorks(hasty, uri);
  });
});

test('a gigabyte of output: head and tail arrive, the rest is counted', async () => {
  const body = `print('first line', flush=True)
for _ in range(1024): os.write(1, b'x' * 2**20)
print('last line', flush=True)`;
  const uri = await server.open(fresh(), model(body));
  server.output.length = 0;
  expect((await server.capture(uri, 'Net')).message).toMatch(/captured/);
  const printed = await until(() => server.output.join('').includes('last line') && server.output.join(''));
  expect(printed).toMatch(
    /^first line\nx+\n\[Layer Peek left out 1,073,\d+,\d+ bytes of output here\]\nx+last line\n$/,
  );
  expect(printed.length).toBeLessThan(400_000);
  await expectWorks(server, uri);
});

test('what leaves its group and session ends with the next capture', async () => {
  const body = `for _ in range(2):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0: os.execvp('sleep', ['sleep', '1000'])
        os._exit(0)
    os.wait()
subprocess.Popen(['sleep', '1000'], start_new_session=True)`;
  const uri = await server.open(fresh(), model(body));
  const before = new Set(descendantsOf(server.process.pid ?? 0));
  expect((await server.capture(uri, 'Net')).message).toMatch(/captured/);
  const left = descendantsOf(server.process.pid ?? 0).filter((pid) => !before.has(pid));
  expect(left.length).toBeGreaterThanOrEqual(4);
  await expectWorks(server, uri);
  expect(left.filter(isAlive)).toEqual([]);
});

test.each(['SIGKILL', 'SIGTERM'] as const)(
  'nothing survives a server that gets %s while a capture runs',
  async (signal) => {
    const killed = await LanguageServer.start({ folder });
    const body = `subprocess.Popen(['sleep', '1000'], start_new_session=True)
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0: time.sleep(1000)
    os._exit(0)
ctypes.PyDLL(None).sleep(1000)`;
    const uri = await killed.open(fresh(), model(body));
    void killed.capture(uri, 'Net').catch(() => undefined);
    const descendants = await until(() => {
      const found = descendantsOf(killed.process.pid ?? 0);
      return found.length >= 5 && found;
    });
    killed.process.kill(signal);
    await until(() => !descendants.some(isAlive));
  },
);

test('the helper killed at any moment: the next capture works', async () => {
  const fragile = await LanguageServer.start({ folder });
  try {
    const file = fresh();
    const uri = await fragile.open(file, model('pass'));
    const helpers = (): number[] => descendantsOf(fragile.process.pid ?? 0);
    const kill = (pid: number | undefined): void => void (pid !== undefined && process.kill(pid, 'SIGKILL'));
    // While it imports torch.
    kill((await until(() => helpers().length > 0 && helpers()))[0]);
    await until(() => helpers().length === 0);
    await expectWorks(fragile, uri);
    // While nothing runs.
    kill(helpers()[1]);
    await until(() => helpers().length === 0);
    await expectWorks(fragile, uri);
    // While the model is built, and while it runs.
    for (const source of [model('pass', 'time.sleep(1000)'), model('time.sleep(1000)')]) {
      await fragile.change(uri, source);
      const before = new Set(helpers());
      const failed = fragile.capture(uri, 'Net');
      await until(() => helpers().some((pid) => !before.has(pid)));
      kill(helpers()[0]);
      const { errorKind, message } = await failed;
      expect(errorKind).toBe('died');
      expect(message).toMatch(/killed \(SIGKILL\)/);
      await expectWorks(fragile, uri);
    }
  } finally {
    await fragile.stop();
  }
});

test('two windows at once do not disturb each other', async () => {
  const windows = await Promise.all([1, 2].map(() => LanguageServer.start({ folder })));
  try {
    const work = windows.map(async (window, index) => {
      const uri = await window.open(path.join(folder, 'shared.py'), model('pass'));
      for (let round = 0; round < 5; round += 1) {
        const width = 2 + index + round;
        await window.change(uri, model('pass').replace('nn.Linear(4, 2)', `nn.Linear(4, ${width})`));
        expect((await window.capture(uri, 'Net')).message).toMatch(/captured/);
        expect(await shapeOf(window, uri, model('pass'))).toBe(`[1, 4] -> [1, ${width}]`);
      }
    });
    await Promise.all(work);
  } finally {
    await Promise.all(windows.map((window) => window.stop()));
  }
});

test('a path that holds anything', async () => {
  const name = `with spaces, a "quote" isn't\nall: ü漢字🙂 per%20cent #1?`;
  const odd = path.join(temporaryFolder(), name);
  fs.mkdirSync(odd);
  const file = path.join(odd, `${name}.py`);
  fs.writeFileSync(file, model('pass'));
  const window = await LanguageServer.start({ folder: odd });
  try {
    const uri = await window.open(file);
    expect((await window.capture(uri, 'Net')).message).toMatch(/captured/);
    expect(await shapeOf(window, uri, model('pass'))).toBe('[1, 4] -> [1, 2]');
    const failing = model('x = x @ x');
    await window.change(uri, failing);
    const { location } = await window.capture(uri, 'Net');
    expect(fileURLToPath(location?.uri ?? '')).toBe(file);
  } finally {
    await window.stop();
  }
});

test('a folder that is gone: the error names the file, not the interpreter', async () => {
  const gone = path.join(temporaryFolder(), 'gone');
  const window = await LanguageServer.start({ folder: gone });
  try {
    const uri = await window.open(path.join(gone, 'model.py'), model('pass'));
    const outcome = await window.capture(uri, 'Net');
    expect(outcome.message).toMatch(/captured|model\.py/);
    expect(outcome.errorKind).not.toBe('noPython');
  } finally {
    await window.stop();
  }
});
