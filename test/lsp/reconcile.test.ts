/** After a capture every definition of the file tells its calls or why there are none, and what the source missed is there. */

import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { z } from 'zod';
import { LanguageServer, lineOf, python, root } from './languageServer';
import { temporaryFolder } from './temporaryFolder';

const source = `import torch
from torch import nn


class Other(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 4)  # other

    def forward(self, x):
        return self.fc(x)


class Block(nn.Module):
    def __init__(self, down=None):
        super().__init__()
        self.down = nn.Linear(4, 4) if down else None  # none
        self.fc = nn.Linear(4, 4)  # called

    def forward(self, x):
        return self.fc(x)


class Net(nn.Module):
    def __init__(self, deep=False):
        super().__init__()
        self.block = Block()
        self.head = nn.Linear(4, 2)  # replaced
        self.head = nn.Linear(4, 3)
        if deep:
            self.extra = nn.Linear(4, 4)  # branch
        self.gone = nn.Linear(4, 4)  # invented
        self._modules.pop("go" + "ne")
        self.__dict__["_modules"]["hidden"] = nn.Linear(4, 4)  # missed
        self.unused = nn.Linear(4, 4)  # unused

    def forward(self, x):
        return self.head(self._modules["hidden"](self.block(x)))
`;

let server: LanguageServer | null = null;
afterEach(async () => {
  await server?.stop();
  server = null;
});

async function captured(): Promise<{ file: string; uri: string; server: LanguageServer }> {
  const folder = temporaryFolder();
  const file = path.join(folder, 'net.py');
  fs.writeFileSync(file, source);
  server = await LanguageServer.start({ folder });
  const uri = await server.open(file);
  await server.capture(uri, 'Net');
  return { file, uri, server };
}

const at = (word: string): number => lineOf(source, `# ${word}`);

test('each definition tells why no layer comes from it', async () => {
  const { uri, server } = await captured();
  const hints = await server.hints(uri);
  const lenses = await server.lenses(uri);
  const expected: Record<string, [hint: string | undefined, lens: string, hover: string]> = {
    called: ['[1, 4] -> [1, 4]', 'block.fc', '[1, 4]'],
    other: [undefined, 'fc  not in this model', 'Other is not part of Net'],
    none: ['None', 'block.down ?', 'self.down is None in Net'],
    replaced: ['by another line', 'head ?', `line ${at('replaced') + 1} registered this layer`],
    branch: ['not built', 'extra ?', `which stands under \`if deep\` (line ${at('branch') - 1})`],
    invented: ['no such layer', 'gone', 'no layer of Net comes from this line'],
    missed: ['[1, 4] -> [1, 4]', 'hidden', 'in_features=4, out_features=4'],
    unused: ['not called', 'unused', 'was not called: never called in this run'],
  };
  const seen = Object.fromEntries(
    await Promise.all(
      Object.keys(expected).map(async (word) => {
        const line = at(word);
        const hover = (await server.hover(uri, source, line, 'self.')) ?? '';
        const [, , part = ''] = expected[word] ?? [];
        return [word, [hints.get(line), lenses.get(line)?.[0], hover.includes(part) ? part : hover]];
      }),
    ),
  );
  expect(seen).toEqual(expected);
});

test('lines are followed as they move, and nothing is claimed of code that has changed', async () => {
  const { uri, server } = await captured();
  await server.change(uri, `# a comment\n${source}`);
  expect((await server.hints(uri)).get(at('branch') + 1)).toBe('not built');
  expect((await server.lenses(uri)).get(at('missed') + 1)?.[0]).toBe('hidden');
  await server.change(uri, source.replace('if deep:', 'if not deep:'));
  expect((await server.hints(uri)).get(at('branch'))).toBeUndefined();
});

test('a line that the source does not tell can be captured alone', async () => {
  const { uri, server } = await captured();
  const outcome = await server.capture(uri, 'Net', at('missed') - 1);
  expect(outcome.message).toMatch(/^1 layer of Net captured/);
});

test('the document carries the counts, the terminal says them', () => {
  const file = path.join(temporaryFolder(), 'net.py');
  fs.writeFileSync(file, source);
  const cli = path.join(root, 'dist/cli.js');
  const run = (...more: string[]): string =>
    spawnSync(process.execPath, [cli, 'capture', `${file}:Net`, '--python', python, ...more], { encoding: 'utf8' })
      .stdout;
  const document = z.object({ reconciliation: z.unknown() }).parse(JSON.parse(run('--json')));
  expect(document.reconciliation).toEqual({ definitions: 8, layers: 5, missed: 1, invented: 1 });
  const printed = run();
  expect(printed).toContain('# The run found 1 layer that the source does not tell and 1 definition that no layer');
  expect(printed).toContain(`not built: no layer of Net comes from this line`);
});
