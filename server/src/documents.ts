/** Open documents and their parsed form: what the editor shows is what is parsed. */

import fs from 'node:fs';
import { TextDocuments } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { URI } from 'vscode-uri';
import type { ParsedFile } from './model/moduleClass';
import type { PathString } from './model/pathString';
import type { FileParser } from './syntax/fileParser';

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

export class Documents {
  readonly open = new TextDocuments(TextDocument);
  private readonly cache = new Map<string, OpenFile>();

  constructor(private readonly parser: () => FileParser | null) {
    this.open.onDidClose(({ document }) => {
      this.cache.delete(document.uri);
      this.parser()?.forget(document.uri);
    });
  }

  /** The file as the editor shows it; null where it is not open, or where no parser is ready yet. */
  get(uri: string): OpenFile | null {
    const document = this.open.get(uri);
    const parser = this.parser();
    if (document === undefined || parser === null) {
      return null;
    }
    const cached = this.cache.get(uri);
    if (cached?.version === document.version) {
      return cached;
    }
    const text = document.getText();
    const parsed = parser.parse(uri, text);
    let pathStrings: readonly PathString[] | null = null;
    const file: OpenFile = {
      uri,
      file: filePath(uri),
      version: document.version,
      document,
      text,
      parsed,
      get pathStrings() {
        pathStrings ??= parser.pathStrings(uri, text);
        return pathStrings;
      },
    };
    this.cache.set(uri, file);
    return file;
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
      if (file.endsWith('.py') && text !== textOnDisk(file)) {
        texts.set(file, text);
      }
    }
    return texts;
  }
}

export function filePath(uri: string): string {
  return URI.parse(uri).fsPath;
}

export function fileUri(file: string): string {
  return URI.file(file).toString();
}

function textOnDisk(file: string): string | null {
  try {
    return fs.readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  } catch {
    return null;
  }
}
