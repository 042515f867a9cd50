/**
 * A keystroke in a file of 10,000 lines: from the changed text to its lenses, against tree-sitter's incremental parse of the whole file
 * after the same edit, in turns. And how long the server is busy at a stretch while someone types.
 */

import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { URI } from 'vscode-uri';
import type { OpenFile } from '../../server/src/documents';
import { Documents } from '../../server/src/documents';
import { codeLenses } from '../../server/src/features/codeLens';
import { settingsSchema } from '../../server/src/protocol/clientMessages';
import { Mapper } from '../../server/src/source/mapper';
import { ServerState } from '../../server/src/state';
import { openParser } from '../../server/src/syntax/openParser';
import { SourceReader } from '../../server/src/syntax/sourceReader';
import { WorkspaceFiles } from '../../server/src/workspaceFiles';
import { WorkspaceIndex } from '../../server/src/workspaceIndex';
import { longFiles, typing } from './editedFile';
import { longestStretch } from './longestStretch';
import { ratio, run, spread } from './measure';
import { wasm } from './wasm';

const ROUNDS = 60;

async function main(): Promise<void> {
  for (const { name, text } of longFiles()) {
    const lines = text.split('\n').length;
    const parser = await openParser({ wasm });
    const typed = await Typed.open(text);
    let tree = parser.parse(text);
    const lenses: number[] = [];
    const parses: number[] = [];
    const edits = typing(text);
    // The first rounds make the code warm.
    for (let round = -12; round < ROUNDS; round += 1) {
      // In one piece, as texts are that come from outside.
      const next = Buffer.from(edits.next().value).toString();
      const start = performance.now();
      const count = typed.lensesAfter(next);
      const ready = performance.now();
      tree = parser.parse(next, tree);
      const parsed = performance.now();
      if (count === 0) {
        throw new Error('There are no lenses, so nothing was measured.');
      }
      if (round >= 0) {
        lenses.push(ready - start);
        parses.push(parsed - ready);
      }
    }
    tree.delete();
    console.log(`${name}, ${lines} lines, ${ROUNDS} edits`);
    console.log(`  text to lenses      ${spread(lenses, 'ms', 1)}, longest ${Math.max(...lenses).toFixed(1)} ms`);
    console.log(`  incremental parse   ${spread(parses, 'ms', 1)}`);
    console.log(`  ratio ${ratio(lenses, parses)}; goal 1.3`);
    const { longest, answered, cancelled } = await longestStretch(text);
    console.log(
      `  server, 50 edits in a row: busy at a stretch ${longest.toFixed(0)} ms at most; goal 50 (${answered} requests answered, ${cancelled} cancelled)`,
    );
  }
}

/** One open file, as the server holds it. */
class Typed {
  private version = 1;

  private constructor(
    private readonly state: ServerState,
    private readonly mapper: Mapper,
    private readonly files: WorkspaceFiles,
    private readonly file: string,
  ) {}

  static async open(text: string): Promise<Typed> {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'layer-peek-bench-'));
    fs.rmSync(folder, { recursive: true });
    const file = path.join(folder, 'long.py');
    const files = new WorkspaceFiles({ workspace: () => [folder], installed: () => [] });
    const mapper = new Mapper(new SourceReader(await openParser({ wasm })), files);
    const index = new WorkspaceIndex(
      () => mapper,
      () => undefined,
      () => undefined,
    );
    const documents = new Documents(
      files,
      () => mapper,
      () => undefined,
      () => undefined,
    );
    const environment = { ownsCommands: true, trusted: true, pythonFromExtension: null, cacheFolder: null };
    const typed = new Typed(
      new ServerState(documents, environment, settingsSchema.parse({}), index),
      mapper,
      files,
      file,
    );
    typed.lensesAfter(text);
    return typed;
  }

  /** Takes a text as it comes from the editor, and gives the number of lenses. */
  lensesAfter(text: string): number {
    this.version += 1;
    const uri = URI.file(this.file).toString();
    this.files.open.set(this.file, text);
    this.mapper.changed(this.file);
    const parsed = this.mapper.map(this.file);
    if (parsed === null) {
      return 0;
    }
    this.state.index.set(this.file, parsed);
    const document = TextDocument.create(uri, 'python', this.version, text);
    const open: OpenFile = { uri, file: this.file, version: this.version, document, text, parsed, pathStrings: [] };
    return codeLenses(this.state, open).length;
  }
}

run(main);
