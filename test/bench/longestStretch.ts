/** How long the real server's event loop is kept from turning while someone types in a long file. */

import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { CancellationTokenSource } from 'vscode-jsonrpc';
import { CodeLensRequest, LSPErrorCodes, ResponseError } from 'vscode-languageserver-protocol/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { LanguageServer } from '../lsp/languageServer';
import { typing } from './editedFile';

const EDITS = 50;
/** Milliseconds between two edits: a fast typist. */
const PAUSE = 60;
/** How the server ends what nobody needs any more. */
const ENDED: ReadonlySet<number> = new Set([LSPErrorCodes.RequestCancelled, LSPErrorCodes.ContentModified]);

export interface Stretch {
  /** Milliseconds. */
  readonly longest: number;
  /** Requests for lenses that got them. */
  readonly answered: number;
  /** Requests that the server ended because the next edit's took their place. */
  readonly cancelled: number;
}

/** The server measures itself: its process is started with a module that watches its event loop. */
export async function longestStretch(text: string): Promise<Stretch> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'layer-peek-bench-'));
  const report = path.join(folder, 'report.json');
  const watch = path.join(folder, 'watch.cjs');
  const file = path.join(folder, 'long.py');
  fs.writeFileSync(watch, WATCH);
  fs.writeFileSync(file, text);
  const before = process.env.NODE_OPTIONS;
  process.env.NODE_OPTIONS = `${before ?? ''} --require ${JSON.stringify(watch)}`;
  process.env.LAYER_PEEK_BENCH_REPORT = report;
  const server = await LanguageServer.start({ folder });
  if (before === undefined) {
    delete process.env.NODE_OPTIONS;
  } else {
    process.env.NODE_OPTIONS = before;
  }
  let answered = 0;
  let cancelled = 0;
  try {
    const uri = await server.open(file, text);
    await server.lenses(uri);
    const edits = typing(text, 2);
    let now = text;
    // As editors send them: a whole text would wait in the pipe until the server has time to read it.
    const type = async (): Promise<void> => {
      const before = now;
      now = edits.next().value;
      const { start, end, added } = difference(before, now);
      const document = TextDocument.create(uri, 'python', 1, before);
      await server.change(uri, added, { start: document.positionAt(start), end: document.positionAt(end) });
    };
    // The code is warm after some edits, as it is in an editor that is in use.
    for (let edit = 0; edit < 10; edit += 1) {
      await type();
      await server.lenses(uri);
    }
    fs.writeFileSync(`${report}.start`, '');
    await wait(100);
    let source = new CancellationTokenSource();
    const asked: Promise<void>[] = [];
    for (let edit = 0; edit < EDITS; edit += 1) {
      await type();
      source.cancel();
      source = new CancellationTokenSource();
      asked.push(
        server.connection.sendRequest(CodeLensRequest.type, { textDocument: { uri } }, source.token).then(
          () => {
            answered += 1;
          },
          (error: unknown) => {
            if (!(error instanceof ResponseError) || !ENDED.has(error.code)) {
              throw error;
            }
            cancelled += 1;
          },
        ),
      );
      await wait(PAUSE);
    }
    await Promise.all(asked);
    await wait(100);
    return { longest: Number(fs.readFileSync(report, 'utf8')), answered, cancelled };
  } finally {
    await server.stop();
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

/** The part of a text that another one has not, by offsets, and what stands there instead. */
function difference(before: string, after: string): { start: number; end: number; added: string } {
  let start = 0;
  while (start < before.length && before[start] === after[start]) {
    start += 1;
  }
  let behind = 0;
  const most = Math.min(before.length, after.length) - start;
  while (behind < most && before[before.length - 1 - behind] === after[after.length - 1 - behind]) {
    behind += 1;
  }
  return { start, end: before.length - behind, added: after.slice(start, after.length - behind) };
}

/** Writes down the longest time between two turns since the start was marked. */
const WATCH = `
const fs = require('node:fs');
const report = process.env.LAYER_PEEK_BENCH_REPORT;
let last = performance.now();
let longest = 0;
let counting = false;
setInterval(() => {
  const now = performance.now();
  longest = Math.max(longest, now - last - 1);
  if (!counting && fs.existsSync(report + '.start')) {
    counting = true;
    longest = 0;
  }
  if (now - (globalThis.written ?? 0) > 50) {
    globalThis.written = now;
    fs.writeFileSync(report, String(longest));
  }
  last = performance.now();
}, 1).unref();
`;
