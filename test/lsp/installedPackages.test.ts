/** Classes of packages that only the chosen interpreter has. */

import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { LanguageServer, lineOf, until } from './languageServer';
import { temporaryFolder } from './temporaryFolder';

const NET = `import torch.nn as nn
from blocks_of_mine.parts import Block


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.block = Block()

    def forward(self, x):
        return self.block(x)
`;
const PARTS = `import torch.nn as nn


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(1, 1)
`;

test('another interpreter brings other packages', async () => {
  const folder = temporaryFolder();
  const write = (name: string, text: string): string => {
    const file = path.join(folder, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text);
    return file;
  };
  const python = write('elsewhere/bin/python3.11', '');
  fs.chmodSync(python, 0o755);
  write('elsewhere/pyvenv.cfg', 'version = 3.11.7\n');
  write('elsewhere/lib/python3.11/site-packages/blocks_of_mine/__init__.py', '');
  write('elsewhere/lib/python3.11/site-packages/blocks_of_mine/parts.py', PARTS);
  const server = await LanguageServer.start({
    folder: path.join(folder, 'work'),
    environment: { trusted: false },
  });
  try {
    const uri = await server.open(write('work/net.py', NET));
    const line = lineOf(NET, 'self.block = ');
    const lens = async () => (await server.lenses(uri)).get(line)?.[0];
    await until(async () => (await lens()) === 'block ?');
    server.settings = { python: { path: python } };
    await server.settingsChanged();
    await until(async () => (await lens()) === 'block', 5_000).catch(() => undefined);
    expect(await lens()).toBe('block');
  } finally {
    await server.stop();
  }
});
