/** What an editor sees before and after a click, over the Language Server Protocol with a real helper. */

import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LanguageServer, lineOf, python, root, until, uriOf } from './languageServer';
import { descendantsOf } from './processes';
import { temporaryFolder } from './temporaryFolder';

const examples = path.join(root, 'examples');
const text = (name: string): string => fs.readFileSync(path.join(examples, name), 'utf8');

let server: LanguageServer;
beforeAll(async () => {
  server = await LanguageServer.start({ folder: examples });
});
afterAll(() => server.stop());

/** Hints of an example by a part of their line; every line named must carry exactly that text. */
async function check(name: string, className: string | null, expected: Record<string, string>): Promise<void> {
  const source = text(name);
  const uri = await server.open(path.join(examples, name));
  await server.capture(uri, className);
  const hints = await server.hints(uri);
  const seen = Object.fromEntries(Object.keys(expected).map((part) => [part, hints.get(lineOf(source, part))]));
  expect(seen).toEqual(expected);
}

test('the first example: shapes at definitions, calls and a function without a module', async () => {
  await check('simple_model.py', 'SimpleModel', {
    'self.conv1 = ': '[1, 3, 8, 8] -> [1, 16, 6, 6]',
    'self.fc1 = ': '[1, 576] -> [1, 10]',
    'F.relu(self.conv1(x))': '[1, 3, 8, 8] -> [1, 16, 6, 6]',
    'x.view(': '-> [1, 576]',
    'self.fc1(x)': '[1, 576] -> [1, 10]',
  });
});

test('a ResNet: instances with equal shapes collapse, a line with several calls names each', async () => {
  await check('resnet.py', 'ResNet', {
    'self.layer1 = ': '[1, 64, 56, 56] -> [1, 64, 56, 56]',
    'self.maxpool(self.relu(': 'conv1, bn1, relu -> [1, 64, 112, 112], maxpool -> [1, 64, 56, 56]',
    'self.fc = ': '[1, 512] -> [1, 1000]',
  });
});

test('a GPT: the blocks of a ModuleList collapse', async () => {
  await check('tiny_gpt.py', 'TinyGPT', {
    'self.ln_1 = ': '[1, 16, 128] -> [1, 16, 128] x4',
    'x = block(x)': '[1, 16, 128] -> [1, 16, 128] x4',
    'ModuleList([Block(config)': '[1, 16, 128] -> [1, 16, 128] x4',
  });
});

test('a failing forward keeps what ran and marks the failing call', async () => {
  const name = 'shape_mismatch.py';
  const source = text(name);
  await check(name, 'Classifier', {
    'self.features(x)': '[1, 3, 32, 32] -> [1, 8, 16, 16]',
    'torch.flatten(x, 1)': '-> [1, 2048]',
  });
  const uri = uriOf(path.join(examples, name));
  const found = await until(() => server.diagnostics.get(uri)?.[0]);
  const line = lineOf(source, 'self.hidden(x)');
  expect(found.range.start).toEqual({
    line: line - 1,
    character: (source.split('\n')[line - 1] ?? '').indexOf('self.hidden(x)'),
  });
  expect(found.message).toContain('mat1 and mat2 shapes cannot be multiplied (1x2048 and 512x64)');
  expect(found.message).toContain('hidden');
  expect(found.message).toContain('[1, 2048]');
});

test('lenses: patterns before a run, true paths after it', async () => {
  const uri = await server.open(path.join(examples, 'resnet.py'));
  const line = lineOf(text('resnet.py'), 'self.conv1 = conv3x3');
  await server.capture(uri, 'ResNet');
  const lenses = await server.lenses(uri);
  expect(lenses.get(line)).toEqual(['layer{1..4}.{0,1}.conv1', 'Capture output']);
});

test('where the editor shows no hints, the lens carries the shape', async () => {
  const uri = await server.open(path.join(examples, 'simple_model.py'));
  await server.capture(uri, 'SimpleModel');
  const line = lineOf(text('simple_model.py'), 'self.conv1 = ');
  server.editorHints = { enabled: 'off' };
  await server.settingsChanged();
  await until(async () => (await server.lenses(uri)).get(line)?.[0] === 'conv1  [1, 3, 8, 8] -> [1, 16, 6, 6]');
  expect((await server.hints(uri)).size).toBe(0);
  server.editorHints = null;
  await server.settingsChanged();
  await until(async () => (await server.lenses(uri)).get(line)?.[0] === 'conv1');
});

test('a click on one line captures that layer alone', async () => {
  const fresh = await LanguageServer.start({ folder: examples });
  try {
    const source = text('simple_model.py');
    const uri = await fresh.open(path.join(examples, 'simple_model.py'));
    const line = lineOf(source, 'self.fc1 = ');
    const outcome = await fresh.capture(uri, 'SimpleModel', line - 1);
    expect(outcome.status).toBe('ok');
    const hints = await fresh.hints(uri);
    expect(hints.get(line)).toBe('[1, 576] -> [1, 10]');
    expect(hints.get(lineOf(source, 'self.conv1 = '))).toBeUndefined();
  } finally {
    await fresh.stop();
  }
});

test('hover tells paths, class, tensors, parameters, statistics and where they come from', async () => {
  const source = text('simple_model.py');
  const uri = await server.open(path.join(examples, 'simple_model.py'));
  await server.capture(uri, 'SimpleModel');
  const hover = (await server.hover(uri, source, lineOf(source, 'F.relu(self.conv1(x))'), 'conv1')) ?? '';
  for (const part of [
    '`conv1`',
    'Conv2d(3, 16, kernel_size=(3, 3), stride=(1, 1))',
    'input: [1, 3, 8, 8] float32 cpu',
    '[1, 16, 6, 6] float32 cpu',
    'mean',
    '448 parameters: weight [16, 3, 3, 3], bias [16]',
    'SimpleModel()(torch.randn(1, 3, 8, 8))',
    'assumed',
    'values mode',
    'torch 2.',
  ]) {
    expect(hover).toContain(part);
  }
});

test('an unsaved buffer is what is parsed and what runs; a later edit makes the shapes stale', async () => {
  const folder = temporaryFolder();
  const file = path.join(folder, 'model.py');
  fs.writeFileSync(file, text('simple_model.py'));
  const unsaved = text('simple_model.py').replace('nn.Conv2d(3, 16, 3, 1)', 'nn.Conv2d(1, 16, 3, 1)');
  const uri = await server.open(file, unsaved);
  await server.capture(uri, 'SimpleModel');
  const line = lineOf(unsaved, 'self.conv1 = ');
  expect((await server.hints(uri)).get(line)).toBe('[1, 1, 8, 8] -> [1, 16, 6, 6]');
  await server.change(uri, `# a comment moves the lines\n${unsaved}`);
  expect((await server.hints(uri)).get(line + 1)).toBe('[1, 1, 8, 8] -> [1, 16, 6, 6]');
  await server.change(uri, unsaved.replace('nn.Conv2d(1, 16', 'nn.Conv2d(1, 32'));
  expect((await server.hints(uri)).get(line)).toMatch(/^~ /);
  const ran = '# peek: SimpleModel()(torch.randn(1, 1, 8, 8))\n';
  await server.change(uri, unsaved.replace('class ', `${ran}class `));
  expect((await server.hints(uri)).get(line + 1)).toBe('[1, 1, 8, 8] -> [1, 16, 6, 6]');
  await server.change(uri, unsaved.replace('class ', `${ran.replace('(1, 1,', '(2, 1,')}class `));
  expect((await server.hints(uri)).get(line + 1)).toMatch(/^~ /);
});

/** A model whose forward runs `body` after its layer. */
function modelThat(body: string): string {
  return `import torch
import torch.nn as nn

# peek: Net()(torch.randn(1, 4))
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 2)

    def forward(self, x):
        x = self.fc(x)
        ${body}
        return x
`;
}

describe('what can go wrong, and the next click works', () => {
  test('prints from Python and from C reach the output, not the protocol', async () => {
    const folder = temporaryFolder();
    const uri = await server.open(
      path.join(folder, 'model.py'),
      modelThat(
        'import ctypes; print("from python", flush=True); ctypes.CDLL(None).puts(b"from c"); ctypes.CDLL(None).fflush(None)',
      ),
    );
    expect((await server.capture(uri, 'Net')).status).toBe('ok');
    await until(() => server.output.join('').includes('from python') && server.output.join('').includes('from c'));
  });

  test('an interpreter without torch says so and what to do', async () => {
    const folder = temporaryFolder();
    execFileSync(python, ['-m', 'venv', '--without-pip', path.join(folder, 'venv')]);
    const bare = await LanguageServer.start({ folder, settings: {} });
    try {
      const uri = await bare.open(path.join(folder, 'model.py'), modelThat('pass'));
      const outcome = await bare.capture(uri, 'Net');
      expect(outcome.errorKind).toBe('noTorch');
      expect(outcome.message).toContain(path.join(folder, 'venv'));
    } finally {
      await bare.stop();
    }
  });

  test('an interpreter that does not exist says so and what to do', async () => {
    const folder = temporaryFolder();
    const lost = await LanguageServer.start({ folder, settings: { python: { path: path.join(folder, 'no-python') } } });
    try {
      const uri = await lost.open(path.join(folder, 'model.py'), modelThat('pass'));
      const outcome = await lost.capture(uri, 'Net');
      expect(outcome.errorKind).toBe('noPython');
      expect(outcome.message).toContain('Choose Interpreter');
    } finally {
      await lost.stop();
    }
  });
});

describe('lines that the run tells otherwise than the source', () => {
  const source = `import torch
import torch.nn as nn

# peek: Net(2)(torch.randn(1, 4))
class Net(nn.Module):
    def __init__(self, depth):
        super().__init__()
        self.ups = nn.ModuleList()
        for _ in range(depth):
            self.ups.append(
                nn.Linear(4, 4)
            )
        self.blocks = nn.Sequential(*[
            nn.Linear(  # block
                4, 4,
            )
            for i in range(depth)
        ])
        self.closing = nn.Sequential(
            nn.Tanh(),
            nn.Dropout(),
        )

    def forward(self, x):
        for up in self.ups:
            x = up(x)
        return self.closing(self.blocks(x))
`;

  test('lens and hint are joined', async () => {
    const uri = await server.open(path.join(temporaryFolder(), 'model.py'), source);
    expect((await server.capture(uri, 'Net')).message).toMatch(/captured/);
    const lenses = await server.lenses(uri);
    const hints = await server.hints(uri);
    expect(lenses.get(lineOf(source, 'self.ups.append('))?.[0]).toBe('ups.{0,1}');
    expect(hints.get(lineOf(source, 'self.ups.append(') + 1)).toBe('[1, 4] -> [1, 4] x2');
    const item = lineOf(source, 'nn.Linear(  # block');
    expect(lenses.get(item)?.[0]).toBe('blocks.{0,1}');
    expect(hints.get(item)).toBe('[1, 4] -> [1, 4] x2');
    expect(hints.get(lineOf(source, 'nn.Tanh()'))).toBe('[1, 4] -> [1, 4]');
  });

  test('one line captures what is defined in it', async () => {
    const fresh = await LanguageServer.start({ folder: examples });
    try {
      const uri = await fresh.open(path.join(temporaryFolder(), 'model.py'), source);
      const item = lineOf(source, 'nn.Linear(  # block');
      await fresh.capture(uri, 'Net', item - 1);
      const hints = await fresh.hints(uri);
      expect(hints.get(item)).toBe('[1, 4] -> [1, 4] x2');
      expect(hints.get(lineOf(source, 'self.blocks = '))).toBeUndefined();
      await fresh.capture(uri, 'Net', lineOf(source, 'self.ups.append(') - 1);
      expect((await fresh.hints(uri)).get(lineOf(source, 'self.ups.append(') + 1)).toBe('[1, 4] -> [1, 4] x2');
    } finally {
      await fresh.stop();
    }
  });
});

test('missing arguments are assumed and said; a recipe with holes is told without a run', async () => {
  const source = modelThat('pass')
    .replace('def __init__(self):', 'def __init__(self, width):')
    .replace(/# peek.*\n/, '');
  const uri = await server.open(path.join(temporaryFolder(), 'model.py'), source);
  expect((await server.capture(uri, 'Net')).message).toMatch(/captured/);
  expect([...(await server.lenses(uri)).values()].flat().join()).toContain('Net(width=64)');
  await server.change(uri, source.replace('class Net', '# peek: Net(width=...)\nclass Net'));
  expect((await server.capture(uri, 'Net')).message).toContain('Fill in the "..."');
  await server.change(uri, source.replace('class Net', '# peek: Net(width=4)\nclass Net'));
  expect((await server.capture(uri, 'Net')).message).toMatch(/captured/);
});

test("a call in the workspace's code, and before it one in pyproject.toml, is the recipe", async () => {
  const folder = temporaryFolder();
  const source = modelThat('pass')
    .replace('def __init__(self):', 'def __init__(self, width):')
    .replace(/# peek.*\n/, '');
  fs.writeFileSync(path.join(folder, 'model.py'), source);
  fs.writeFileSync(
    path.join(folder, 'test_model.py'),
    'import torch\nfrom model import Net\n\n\ndef test_shape():\n    x = torch.randn(3, 4)\n    net = Net(width=7)\n    assert net(x) is not None\n',
  );
  const fresh = await LanguageServer.start({ folder, settings: { python: { path: python } } });
  try {
    const uri = await fresh.open(path.join(folder, 'model.py'), source);
    await until(async () => {
      await fresh.capture(uri, 'Net');
      return [...(await fresh.lenses(uri)).values()].flat().join().includes('Net(width=7)(torch.randn(3, 4))');
    });
    const settings = `[tool.layer-peek.recipes]\nNet = 'Net(9)(torch.randn(2, 4))'\n`;
    fs.writeFileSync(path.join(folder, 'pyproject.toml'), settings);
    await fresh.capture(uri, 'Net');
    expect((await fresh.hints(uri)).get(lineOf(source, 'self.fc = '))).toBe('[2, 4] -> [2, 2]');
  } finally {
    await fresh.stop();
  }
});

test('Restricted Mode: static features work, capture is off and says why', async () => {
  const restricted = await LanguageServer.start({ folder: examples, environment: { trusted: false } });
  try {
    const uri = await restricted.open(path.join(examples, 'simple_model.py'));
    expect((await restricted.lenses(uri)).size).toBeGreaterThan(1);
    const outcome = await restricted.capture(uri, 'SimpleModel');
    expect(outcome.errorKind).toBe('untrusted');
    expect(outcome.message).toContain('Restricted Mode');
    const state = await until(() => restricted.states.findLast((one) => one.interpreter !== null));
    expect(state.interpreter).toMatchObject({ path: python, python: null, problem: null });
    expect(descendantsOf(restricted.process.pid ?? 0)).toEqual([]);
  } finally {
    await restricted.stop();
  }
});
