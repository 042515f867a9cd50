/** What stands in a hover where no layer of the run does: functions without a module, second names, what was replaced or is gone. */

import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { InlayHintRequest, MarkupContent } from 'vscode-languageserver-protocol/node';
import { LanguageServer, lineOf } from './languageServer';

const source = `import torch
from torch import nn


# peek: Net()(torch.randn(2, 3, 4))
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.shared = nn.Linear(4, 4)
        self.alias = self.shared
        self.tmp = nn.Linear(3, 3)
        del self.tmp
        self.re = nn.Linear(4, 8)
        self.re = nn.Linear(4, 2)

    def forward(self, x):
        x = self.alias(self.shared(x))
        y = x.flatten(1)  # hint
        z = [
            t * 2 for t in x
        ]
        return self.re(x), y, z
`;

let server: LanguageServer;
let uri = '';
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'layer-peek-'));
beforeAll(async () => {
  const file = path.join(folder, 'net.py');
  fs.writeFileSync(file, source);
  server = await LanguageServer.start({ folder });
  uri = await server.open(file);
});
afterAll(async () => {
  await server.stop();
  fs.rmSync(folder, { recursive: true, force: true });
});

const at = (part: string): number => lineOf(source, part);

/** Markdown of the tooltip of a line's hint. */
async function tooltip(line: number): Promise<string> {
  const range = { start: { line: line - 1, character: 0 }, end: { line: line - 1, character: 999 } };
  const hints = await server.connection.sendRequest(InlayHintRequest.type, { textDocument: { uri }, range });
  const found = hints?.find((one) => one.position.line === line - 1)?.tooltip;
  return MarkupContent.is(found) ? found.value : '';
}

test('before a capture a hover says so, without an empty constructor', async () => {
  const hover = await server.hover(uri, source, at('self.alias = '), 'alias');
  expect(hover).toBe('**`alias`**\n\nNot captured yet.');
});

test('after a capture each line says what is true of it', async () => {
  await server.capture(uri, 'Net');
  const expected: Record<string, string> = {
    'self.alias = ': `an alias of shared: line ${at('self.shared = ')} registered this layer`,
    'self.re = nn.Linear(4, 8)': `replaced later: line ${at('self.re = nn.Linear(4, 2)')} registered this layer`,
    'self.tmp = ': 'no layer of Net comes from this line',
  };
  for (const [part, told] of Object.entries(expected)) {
    const hover = (await server.hover(uri, source, at(part), 'self.')) ?? '';
    expect(hover).toContain(told);
    expect(hover).not.toContain('Not captured');
    expect(hover).not.toContain('``');
  }
});

test('the hint of a function without a module tells its text and its tensor; the expression its statistics too', async () => {
  const shown = await tooltip(at('# hint'));
  const hover = (await server.hover(uri, source, at('# hint'), 'flatten')) ?? '';
  for (const text of [shown, hover]) {
    expect(text).toContain('**`x.flatten(1)`** in `Net`');
    expect(text).toContain('[2, 12] float32 cpu');
    expect(text).toContain('values mode');
  }
  expect(await server.hover(uri, source, at('t * 2'), 't * 2')).toContain('2 times');
});

test('once the code has changed, a line without a layer says that and not that nothing ran', async () => {
  await server.change(uri, source.replace('x.flatten(1)', 'x.flatten(0)'));
  const hover = (await server.hover(uri, source, at('self.tmp = '), 'self.')) ?? '';
  expect(hover).toContain('has no layer from this line, and the source has changed since');
  await server.change(uri, source);
});
