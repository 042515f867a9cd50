/** What becomes of requests that nobody needs any more: the client cancelled them, or their document was changed. */

import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  CancellationTokenSource,
  CodeLensRequest,
  type CompletionItem,
  CompletionRequest,
  HoverRequest,
  LSPErrorCodes,
  ResponseError,
} from 'vscode-languageserver-protocol/node';
import { layersResultSchema, methods, treeResultSchema } from '../../server/src/protocol/clientMessages';
import { LanguageServer, until } from './languageServer';

const EDITS = 20;
const CLASSES = 400;
/** Two of each class and each line that makes layers; the function has such a line too. */
const LENSES = CLASSES * 6 + 2;

/** The first number in the file is typed on: all classes hang on it, so that a change of it takes some time to map. */
const HEAD = 'from torch import nn\n\n\ndef block(n):\n    return nn.Sequential(*[nn.Linear(n, n) for _ in range(';
const TEXT = `${HEAD}3)])\n${Array.from(
  { length: CLASSES },
  (_, index) => `

class Net${index}(nn.Module):
    def __init__(self):
        super().__init__()
        self.a${index} = block(${index})
        self.b = nn.ModuleList([block(i) for i in range(4)])

    def forward(self, x):
        return self.a${index}(x)
`,
).join('')}\n\nNet0().get_submodule("")\n`;
const NUMBER = (() => {
  const lines = HEAD.split('\n');
  const line = lines.length - 1;
  const character = lines.at(-1)?.length ?? 0;
  return { start: { line, character }, end: { line, character: character + 1 } };
})();

/** What a request ended with: how many lenses, or the code of the error. */
type End = { readonly lenses: number } | { readonly code: number };

let folder: string;
let server: LanguageServer;
let uri: string;
let digit = 3;
beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'layer-peek-'));
  const file = path.join(folder, 'nets.py');
  fs.writeFileSync(file, TEXT);
  server = await LanguageServer.start({ folder });
  uri = await server.open(file);
  await server.lenses(uri);
});
afterAll(async () => {
  await server.stop();
  fs.rmSync(folder, { recursive: true });
});

/** Types another digit than the one that stands there. */
function edit(): Promise<void> {
  digit = digit === 9 ? 3 : digit + 1;
  return server.change(uri, String(digit), NUMBER);
}

async function ended(request: Promise<readonly unknown[] | null>): Promise<End> {
  try {
    return { lenses: (await request)?.length ?? 0 };
  } catch (error) {
    if (error instanceof ResponseError) {
      return { code: error.code };
    }
    throw error;
  }
}

function askLenses(source?: CancellationTokenSource): Promise<End> {
  const request = server.connection.sendRequest(CodeLensRequest.type, { textDocument: { uri } }, source?.token);
  return ended(request);
}

describe('many edits in a row, each with a request for lenses', () => {
  test('the last is answered, the others end as their text is gone', async () => {
    const asked: Promise<End>[] = [];
    for (let round = 0; round < EDITS; round += 1) {
      void edit();
      asked.push(askLenses());
    }
    const ends = await Promise.all(asked);
    expect(ends.slice(0, -1)).toEqual(
      Array.from({ length: EDITS - 1 }, () => ({ code: LSPErrorCodes.ContentModified })),
    );
    expect(ends.at(-1)).toEqual({ lenses: LENSES });
  });

  test('those that the client cancels end so, whatever was typed', async () => {
    const asked: Promise<End>[] = [];
    let source = new CancellationTokenSource();
    for (let round = 0; round < EDITS; round += 1) {
      source.cancel();
      source = new CancellationTokenSource();
      void edit();
      asked.push(askLenses(source));
    }
    const ends = await Promise.all(asked);
    const codes = ends.slice(0, -1).map((end) => ('code' in end ? end.code : null));
    expect(new Set(codes)).toEqual(new Set([LSPErrorCodes.RequestCancelled]));
    expect(ends.at(-1)).toEqual({ lenses: LENSES });
  });

  test('all requests that ask for the same text are answered', async () => {
    await edit();
    const ends = await Promise.all([askLenses(), askLenses(), askLenses()]);
    expect(new Set(ends.map((end) => JSON.stringify(end)))).toEqual(new Set([JSON.stringify({ lenses: LENSES })]));
  });
});

describe('an edit while a request is under way', () => {
  test.each([
    [
      'hover',
      () => server.connection.sendRequest(HoverRequest.type, { textDocument: { uri }, position: NUMBER.start }),
    ],
    ['tree', () => server.connection.sendRequest(methods.tree, { uri })],
  ])('ends %s', async (_, ask) => {
    await edit();
    const asked = ask().then(
      () => null,
      (error: unknown) => (error instanceof ResponseError ? error.code : error),
    );
    await edit();
    expect(await asked).toBe(LSPErrorCodes.ContentModified);
    expect(treeResultSchema.parse(await server.connection.sendRequest(methods.tree, { uri }))).toHaveLength(CLASSES);
  });

  test('of another file ends nothing', async () => {
    const other = await server.open(path.join(folder, 'other.py'), 'import nets\n');
    await edit();
    const asked = askLenses();
    await server.change(other, 'import nets\n\nx = 1\n');
    expect(await asked).toEqual({ lenses: LENSES });
  });
});

test('completion goes on while more is typed at its cursor, as the editor asks only once', async () => {
  const line = TEXT.trimEnd().split('\n').length - 1;
  const start = { line, character: 'Net0().get_submodule("'.length };
  async function complete(): Promise<readonly CompletionItem[]> {
    const params = { textDocument: { uri }, position: start };
    const answer = await server.connection.sendRequest(CompletionRequest.type, params);
    return Array.isArray(answer) ? answer : (answer?.items ?? []);
  }
  await until(async () => (await complete()).length > 0);
  await edit();
  const asked = complete();
  await server.change(uri, 'a', { start, end: start });
  const item = (await asked).find((one) => one.label === 'a0');
  expect(item?.textEdit).toEqual({ range: { start, end: start }, newText: 'a0' });
  await edit();
  const other = ended(complete());
  await server.change(uri, '', { start: { line, character: 0 }, end: { line, character: start.character + 1 } });
  expect(await other).toEqual({ code: LSPErrorCodes.ContentModified });
});

test('a request that is cancelled at once costs no mapping', async () => {
  const line = TEXT.split('\n').findIndex((one) => one.includes('self.b = '));
  const character = '        self.'.length;
  let name = 'b';
  /** True where the server has mapped the text with a new name of a layer when the request for lenses has ended. */
  async function isMapped(newName: string, cancel: boolean): Promise<boolean> {
    const range = { start: { line, character }, end: { line, character: character + name.length } };
    name = newName;
    // The one takes its time to map, and the other shows whether it was mapped.
    void edit();
    void server.change(uri, name, range);
    const source = new CancellationTokenSource();
    const asked = askLenses(source);
    if (cancel) {
      source.cancel();
    }
    expect('code' in (await asked)).toBe(cancel);
    const answer = await server.connection.sendRequest(methods.layers, { query: newName, uri });
    return layersResultSchema.parse(answer).rows.some((row) => row.path === newName);
  }
  expect(await isMapped('wanted', false)).toBe(true);
  expect(await isMapped('needless', true)).toBe(false);
});
