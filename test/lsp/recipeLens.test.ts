/** The lens above a class before a run: it names the recipe that a click uses, or that it will be found. */

import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { LanguageServer, lineOf, until } from './languageServer';
import { temporaryFolder } from './temporaryFolder';

const net = `import torch
from torch import nn


class Block(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.fc = nn.Linear(width, width)

    def forward(self, x):
        return self.fc(x)


class Net(nn.Module):
    def __init__(self, width=4):
        super().__init__()
        self.block = Block(width)

    def forward(self, x):
        return self.block(x)
`;
const main = (width: number): string =>
  `\n\nif __name__ == "__main__":\n    model = Net(width=${width})\n    x = torch.randn(2, ${width})\n    print(model(x))\n`;
const plain = net.replace('self, width=4', 'self').replace('Block(width)', 'Block(4)');
const found = "(from the workspace's code or inferred)";

test.each([
  ['a call in the main block', `${net}${main(6)}`, 'Net(width=6)(torch.randn(2, 6))'],
  ['nothing in the file', net, `Net(...)${found}`],
  ['nothing, and no parameters', plain, `Net()${found}`],
  ['a comment', net.replace('class Net', '# peek: Net()(1)\nclass Net'), 'Net()(1)'],
])('%s', async (_, source, expected) => {
  const folder = temporaryFolder();
  const file = path.join(folder, 'net.py');
  fs.writeFileSync(file, source);
  const server = await LanguageServer.start({ folder });
  try {
    const uri = await server.open(file);
    const title = async (part: string): Promise<string | undefined> =>
      (await server.lenses(uri)).get(lineOf(source, part))?.[1];
    await until(async () => (await title('class Net')) === expected);
    expect(await title('class Block')).toBe(`in ${expected}`);
  } finally {
    await server.stop();
  }
});

test('an edit of the main block changes it; it is what a click runs', async () => {
  const folder = temporaryFolder();
  const file = path.join(folder, 'net.py');
  const source = `${net}${main(6)}`;
  fs.writeFileSync(file, source);
  const server = await LanguageServer.start({ folder });
  try {
    const uri = await server.open(file);
    const title = async (): Promise<string | undefined> =>
      (await server.lenses(uri)).get(lineOf(source, 'class Net'))?.[1];
    expect(await title()).toBe('Net(width=6)(torch.randn(2, 6))');
    await server.change(uri, `${net}${main(8)}`);
    const edited = await title();
    expect(edited).toBe('Net(width=8)(torch.randn(2, 8))');
    await server.capture(uri, 'Net');
    expect(await title()).toBe(edited);
  } finally {
    await server.stop();
  }
});
