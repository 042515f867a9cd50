/** Open documents and what is mapped of them: what the editor shows is what is parsed. */

import { setImmediate as nextTurn } from 'node:timers/promises';
import type { CancellationToken } from 'vscode-jsonrpc';
import { TextDocuments } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { URI } from 'vscode-uri';
import type { ParsedFile } from './model/moduleClass';
import type { PathString } from './model/pathString';
import type { Mapper } from './source/mapper';
import { NOTHING } from './source/summarize';
import { readSource } from './workspace/readSource';
import type { WorkspaceFiles } from './workspaceFiles';

export interface OpenFile {
  readonly uri: string;
  /** Absolute path. */
  readonly file: string;
  readonly version: number;
  readonly document: TextDocument;
  readonly text: string;
  readonly parsed: ParsedFile;
  /** Strings that name layers; looked for when first asked. */
  readonly pathStrings: readonly PathString[];
}

/** Milliseconds of work after which others get their turn. */
const SLICE = 15;

export class Documents {
  readonly open = new TextDocuments(TextDocument);
  private readonly versions = new Map<string, number>();
  private readonly cache = new Map<string, OpenFile>();

  constructor(
    private readonly files: WorkspaceFiles,
    private readonly mapper: () => Mapper | null,
    private readonly onChanged: (files: readonly string[]) => void,
    private readonly onMapped: (file: string, parsed: ParsedFile) => void,
  ) {
    this.open.onDidClose(({ document }) => {
      const file = filePath(document.uri);
      this.cache.delete(document.uri);
      this.versions.delete(document.uri);
      // From now on the disk's text counts.
      if (this.files.open.delete(file) && this.mapper() !== null) {
        this.onChanged(this.mapper()?.changed(file) ?? []);
      }
    });
  }

  /** The file as the editor shows it; null where it is not open, or where no parser is ready yet. */
  get(uri: string): OpenFile | null {
    const document = this.open.get(uri);
    const mapper = this.mapper();
    if (document === undefined || mapper === null) {
      return null;
    }
    this.takeChanges(mapper);
    const parsed = mapper.map(filePath(uri)) ?? NOTHING;
    const cached = this.cache.get(uri);
    if (cached?.version === document.version && cached.parsed === parsed) {
      return cached;
    }
    const text = document.getText();
    const file: OpenFile = {
      uri,
      file: filePath(uri),
      version: document.version,
      document,
      text,
      parsed,
      get pathStrings() {
        return mapper.pathStrings(filePath(uri));
      },
    };
    this.cache.set(uri, file);
    this.onMapped(file.file, parsed);
    return file;
  }

  /** The same, mapped in slices between which others get their turn; null also where `token` is cancelled. */
  async current(uri: string, token?: CancellationToken): Promise<OpenFile | null> {
    const mapper = this.mapper();
    while (mapper !== null && this.open.get(uri) !== undefined && token?.isCancellationRequested !== true) {
      this.takeChanges(mapper);
      if (await this.mapInSlices(mapper, filePath(uri), token)) {
        return this.get(uri);
      }
    }
    return null;
  }

  all(): OpenFile[] {
    return this.open.all().flatMap((document) => this.get(document.uri) ?? []);
  }

  /** Texts of open Python files that differ from the disk's, by absolute path. */
  unsaved(): Map<string, string> {
    const texts = new Map<string, string>();
    for (const document of this.open.all()) {
      const file = filePath(document.uri);
      const text = document.getText();
      if (file.endsWith('.py') && text !== readSource(file)) {
        texts.set(file, text);
      }
    }
    return texts;
  }

  /** False where a change of some file came in between. */
  private async mapInSlices(mapper: Mapper, file: string, token?: CancellationToken): Promise<boolean> {
    const steps = mapper.mapping(file);
    for (let since = performance.now(); steps.next().done !== true; ) {
      if (performance.now() - since > SLICE) {
        await nextTurn();
        if (token?.isCancellationRequested === true || this.takeChanges(mapper)) {
          return false;
        }
        since = performance.now();
      }
    }
    return true;
  }

  /** Hands the present texts over to the mapper. True where one has changed. */
  private takeChanges(mapper: Mapper): boolean {
    let changed = false;
    for (const document of this.open.all()) {
      if (this.versions.get(document.uri) !== document.version) {
        this.versions.set(document.uri, document.version);
        const file = filePath(document.uri);
        this.files.open.set(file, document.getText());
        this.onChanged(mapper.changed(file));
        changed = true;
      }
    }
    return changed;
  }
}

export function filePath(uri: string): string {
  return URI.parse(uri).fsPath;
}

export function fileUri(file: string): string {
  return URI.file(file).toString();
}
