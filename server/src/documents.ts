/** Open documents and what is mapped of them: what the editor shows is what is parsed. */

import type { CancellationToken } from 'vscode-jsonrpc';
import { TextDocuments } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { URI } from 'vscode-uri';
import type { ParsedFile } from './model/moduleClass';
import type { PathString } from './model/pathString';
import { OpenMapping } from './openMapping';
import { type Asked, requestEnd } from './requestEnd';
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

export class Documents {
  readonly open = new TextDocuments(TextDocument);
  private readonly versions = new Map<string, number>();
  private readonly cache = new Map<string, OpenFile>();
  private readonly mappings = new Map<string, OpenMapping>();

  constructor(
    private readonly files: WorkspaceFiles,
    private readonly mapper: () => Mapper | null,
    private readonly onChanged: (files: readonly string[]) => void,
    private readonly onMapped: (file: string, parsed: ParsedFile) => void,
  ) {
    this.open.onDidChangeContent(() => {
      // Files hang on each other.
      for (const mapping of this.mappings.values()) {
        mapping.textChanged();
      }
    });
    this.open.onDidClose(({ document }) => {
      const file = filePath(document.uri);
      this.mappings.delete(document.uri);
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

  /**
   * Answers a request from the file as it is when the request comes, mapped in slices; null where it is not open. Rejects with
   * `ContentModified` where the text is another one before the answer is made, with `RequestCancelled` where `token` is cancelled: then
   * nothing more is done for it. Where the later text `fits`, the answer is made from that.
   */
  async answer<T>(
    uri: string,
    read: (open: OpenFile) => T | Promise<T>,
    token: CancellationToken,
    fits?: Asked['fits'],
  ): Promise<T | null> {
    const document = this.open.get(uri);
    if (document === undefined) {
      return null;
    }
    const asked: Asked = { version: document.version, token, ...(fits === undefined ? {} : { fits }) };
    const end = (): ReturnType<typeof requestEnd> => requestEnd(asked, this.open.get(uri));
    const open = await this.mapped(uri, () => end() === null);
    const answer = open === null ? null : await read(open);
    const error = end();
    if (error !== null) {
      throw error;
    }
    return answer;
  }

  /** The file as it is once it is mapped, in slices, however often it changes meanwhile; null where it is not open or not wanted any more. */
  newest(uri: string, isWanted: () => boolean = () => true): Promise<OpenFile | null> {
    return this.mapped(uri, () => this.open.get(uri) !== undefined && isWanted());
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

  private async mapped(uri: string, isWanted: () => boolean): Promise<OpenFile | null> {
    while (isWanted() && this.mapper() !== null) {
      if (await this.mappingOf(uri).next(isWanted)) {
        return isWanted() ? this.get(uri) : null;
      }
    }
    return null;
  }

  private mappingOf(uri: string): OpenMapping {
    let mapping = this.mappings.get(uri);
    if (mapping === undefined) {
      mapping = new OpenMapping(() => this.mapping(uri));
      this.mappings.set(uri, mapping);
    }
    return mapping;
  }

  private *mapping(uri: string): Generator<void, void> {
    const mapper = this.mapper();
    if (mapper !== null) {
      this.takeChanges(mapper);
      yield* mapper.mapping(filePath(uri));
    }
  }

  /** Hands the present texts over to the mapper. */
  private takeChanges(mapper: Mapper): void {
    for (const document of this.open.all()) {
      if (this.versions.get(document.uri) !== document.version) {
        this.versions.set(document.uri, document.version);
        const file = filePath(document.uri);
        this.files.open.set(file, document.getText());
        this.onChanged(mapper.changed(file));
      }
    }
  }
}

export function filePath(uri: string): string {
  return URI.parse(uri).fsPath;
}

export function fileUri(file: string): string {
  return URI.file(file).toString();
}
