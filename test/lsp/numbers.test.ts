/** What an editor and a terminal show of NaN, of gradients and of train mode. */

import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { LanguageServer, lineOf, python, root, until } from './languageServer';
import { temporaryFolder } from './temporaryFolder';

const source = `import torch
from torch import nn


# peek: Net()(torch.ones(1, 4)).sum()
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 4)
        self.head = nn.Linear(4, 1)

    def forward(self, x):
        x = self.fc(x)
        y = (x - x).log() * 0  # bad
        return self.head(x) + 0 * y.nan_to_num().sum()
`;

function written(): string {
  const file = path.join(temporaryFolder(), 'net.py');
  fs.writeFileSync(file, source);
  return file;
}

test('the first NaN is marked, the hover tells numbers, a histogram and gradient norms', async () => {
  const file = written();
  const capture = { gradients: true };
  const server = await LanguageServer.start({
    folder: path.dirname(file),
    settings: { python: { path: python }, capture },
  });
  onTestFinished(() => server.stop());
  const uri = await server.open(file);
  await server.capture(uri, 'Net');
  const marked = await until(() => server.diagnostics.get(uri)?.find((one) => one.code === 'nan'));
  expect(marked.range.start.line + 1).toBe(lineOf(source, '# bad'));
  expect(marked.message).toContain('The first NaN of this run: 4 of 4 elements of what mul');
  const hover = (await server.hover(uri, source, lineOf(source, 'self.head = '), 'self.head')) ?? '';
  // The loss is the sum: of the output the gradient is 1, of the bias too.
  expect(hover).toContain('gradient norm 1.000');
  expect(hover).toContain('bias [1] gradient norm 1.000');
  const layer = (await server.hover(uri, source, lineOf(source, 'self.fc = '), 'self.fc')) ?? '';
  expect(layer).toMatch(/min -?\d.* max /);
  expect(layer).toMatch(/\|[ ▁▂▃▄▅▆▇█]+\|/);
});

test('the terminal tells gradients, train mode and where the first NaN is', () => {
  const file = written();
  const cli = path.join(root, 'dist/cli.js');
  const args = [cli, 'capture', file, '--python', python, '--gradients', '--train'];
  const { stdout } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  expect(stdout).toContain('values mode · train');
  expect(stdout).toContain('# head.bias: gradient norm 1.000');
  expect(stdout).toContain('# The first NaN of this run');
  expect(stdout).toContain("# Gradients are those of the recipe's own loss.");
});
