/** The command line, as a terminal and CI use it. */

import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { parseMessage } from '../../server/src/protocol/helperMessages';
import { lineOf, python, root } from './languageServer';
import { temporaryFolder } from './temporaryFolder';

const cli = path.join(root, 'dist/cli.js');

function run(...args: string[]): { code: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], { cwd: root, encoding: 'utf8' });
  return { code: status, out: stdout, err: stderr };
}

const mapSchema = z.object({
  files: z.array(
    z.object({
      file: z.string(),
      classes: z.array(
        z.object({
          name: z.string(),
          line: z.number(),
          endLine: z.number(),
          definitions: z.array(
            z.object({
              pattern: z.string(),
              line: z.number(),
              endLine: z.number(),
              column: z.number(),
              constructor: z.string().nullable(),
              certain: z.boolean(),
            }),
          ),
        }),
      ),
    }),
  ),
});

test('map tells each definition with its line', () => {
  const { code, out } = run('map', 'examples/simple_model.py', 'examples/tiny_gpt.py', '--json');
  expect(code).toBe(0);
  const { files } = mapSchema.parse(JSON.parse(out));
  const source = fs.readFileSync(path.join(root, 'examples/simple_model.py'), 'utf8');
  expect(files[0]?.classes[0]).toMatchObject({
    name: 'SimpleModel',
    line: lineOf(source, 'class SimpleModel'),
    definitions: [
      { pattern: 'conv1', line: lineOf(source, 'self.conv1 ='), column: 9, constructor: 'nn.Conv2d', certain: true },
      { pattern: 'fc1', line: lineOf(source, 'self.fc1 ='), column: 9, constructor: 'nn.Linear', certain: true },
    ],
  });
  const gpt = files[1]?.classes.find((one) => one.name === 'TinyGPT');
  expect(gpt?.definitions.map((one) => one.pattern)).toEqual(['wte', 'wpe', 'blocks', 'blocks.*', 'ln_f', 'head']);
});

test('capture prints the source lines with their shapes, without any recipe', () => {
  const { code, out } = run('capture', 'examples/simple_model.py', '--python', python);
  expect(code).toBe(0);
  expect(out).toContain('conv1 -> [1, 16, 6, 6]');
  expect(out).toContain('fc1 -> [1, 10]');
  expect(out).toContain('SimpleModel()(torch.randn(1, 3, 8, 8))');
  expect(out).toContain('input assumed');
});

test('capture --json gives the Capture document', () => {
  const { code, out } = run('capture', 'examples/resnet.py:ResNet', '--python', python, '--json');
  expect(code).toBe(0);
  const capture = parseMessage('Capture', JSON.parse(out));
  expect(capture.recipe).toEqual({
    expression: 'resnet18()(torch.randn(1, 3, 224, 224))',
    source: 'factory',
    assumed: true,
  });
  const convolutions = capture.modules.filter((module) => module.className === 'Conv2d');
  expect(convolutions).toHaveLength(20);
  for (const { paths } of convolutions) {
    expect(capture.calls.filter((call) => call.path === paths[0])).toHaveLength(1);
  }
});

test('a given recipe, a layer, a mode', () => {
  const { code, out } = run(
    'capture',
    'examples/resnet.py:BasicBlock',
    '--recipe',
    'BasicBlock(8, 8)(torch.randn(2, 8, 4, 4))',
    '--layer',
    'conv1',
    '--layer',
    'conv2',
    '--mode',
    'shapes',
    '--json',
    '--python',
    python,
  );
  expect(code).toBe(0);
  const capture = parseMessage('Capture', JSON.parse(out));
  expect(capture.mode).toBe('shapes');
  expect(capture.recipe.source).toBe('argument');
  expect(capture.calls.map((call) => [call.path, call.output])).toEqual([
    ['conv1', expect.objectContaining({ kind: 'tensor', shape: [2, 8, 4, 4] })],
    ['conv2', expect.objectContaining({ kind: 'tensor', shape: [2, 8, 4, 4] })],
  ]);
});

test('a recipe is enough where the file has no module class', () => {
  const file = path.join(temporaryFolder(), 'model.py');
  fs.writeFileSync(file, 'from torch import nn\n\nmodel = nn.Sequential(\n    nn.Linear(4, 2),\n    nn.ReLU(),\n)\n');
  const { code, out } = run('capture', file, '--recipe', 'model(torch.randn(1, 4))', '--python', python);
  expect(code).toBe(0);
  expect(out).toMatch(/nn\.Linear\(4, 2\), .*\[1, 4\] -> 0 -> \[1, 2\]/);
});

test('a failing model keeps its partial shapes, says where, and exits with 1', () => {
  const { code, out, err } = run('capture', 'examples/shape_mismatch.py', '--python', python);
  expect(code).toBe(1);
  expect(out).toContain('features -> [1, 8, 16, 16]');
  expect(err).toMatch(/examples.shape_mismatch\.py:22: .*mat1 and mat2 shapes cannot be multiplied/);
});

/** An interpreter without torch. */
function bare(): string {
  const folder = temporaryFolder();
  execFileSync(python, ['-m', 'venv', '--without-pip', folder]);
  return path.join(folder, 'bin', 'python');
}

test('a process that user code leaves behind with our pipes does not keep the command', () => {
  const file = path.join(temporaryFolder(), 'model.py');
  const leave = 'subprocess.Popen(["sleep", "20"], start_new_session=True)';
  fs.writeFileSync(
    file,
    `import subprocess\nimport torch\nfrom torch import nn\n\n\nclass Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.fc = nn.Linear(4, 4)\n\n    def forward(self, x):\n        ${leave}\n        return self.fc(x)\n`,
  );
  const start = Date.now();
  const { code, out } = run('capture', file, '--recipe', 'Net()(torch.randn(1, 4))', '--python', python);
  expect(code).toBe(0);
  expect(out).toContain('fc -> [1, 4]');
  expect(Date.now() - start).toBeLessThan(19_000);
});

test('errors go to stderr, exit non-zero and say what to do', () => {
  const folder = temporaryFolder();
  const empty = path.join(folder, 'empty.py');
  fs.writeFileSync(empty, 'x = 1\n');
  const cases: [string[], RegExp][] = [
    [[], /A command is missing[\s\S]*Usage:/],
    [['frobnicate'], /no command "frobnicate"[\s\S]*Usage:/],
    [['map'], /at least one file/],
    [['map', path.join(folder, 'nowhere.py')], /can't be read/],
    [['capture', empty], /no module class/],
    [['capture', 'examples/simple_model.py:Nope'], /no module class Nope. It has: SimpleModel/],
    [['capture', 'examples/simple_model.py', '--python', python, '--layer', 'nope'], /no call of a layer nope.*conv1/],
    [['capture', 'examples/simple_model.py', '--python', bare()], /no PyTorch.*pip install torch/],
    [['capture', 'examples/simple_model.py', '--mode', 'fast'], /--mode is values, shapes or symbolic/],
    [['capture', 'examples/simple_model.py', '--python', path.join(folder, 'python')], /could not be started/],
  ];
  for (const [args, says] of cases) {
    const { code, err } = run(...args);
    expect(code).not.toBe(0);
    expect(err).toMatch(says);
  }
});
