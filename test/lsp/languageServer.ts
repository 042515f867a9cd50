/** A language client over stdio, as any editor would be one: starts `layer-peek lsp --stdio` and speaks the protocol. */

import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  CodeLensRequest,
  ConfigurationRequest,
  createProtocolConnection,
  type Diagnostic,
  DidChangeConfigurationNotification,
  HoverRequest,
  InlayHintRequest,
  MarkupContent,
  type ProtocolConnection,
  PublishDiagnosticsNotification,
  type Range,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver-protocol/node';
import {
  type CaptureOutcome,
  captureOutcomeSchema,
  type Environment,
  methods,
  outputSchema,
  type State,
  stateSchema,
} from '../../server/src/protocol/clientMessages';

export const root = path.resolve(__dirname, '../..');
export const python = process.env.LAYER_PEEK_PYTHON ?? path.join(root, '.cache/venv/bin/python');
const cli = path.join(root, 'dist/cli.js');

export interface Options {
  readonly folder: string;
  readonly environment?: Partial<Environment>;
  /** Under `layerPeek`. */
  readonly settings?: Record<string, unknown>;
}

export class LanguageServer {
  readonly diagnostics = new Map<string, Diagnostic[]>();
  readonly output: string[] = [];
  readonly states: State[] = [];
  private readonly versions = new Map<string, number>();
  /** Versions that the diagnostics are of. */
  private readonly diagnosed = new Map<string, number | undefined>();
  settings: Record<string, unknown>;
  /** The editor's own `editor.inlayHints`. */
  editorHints: { enabled: string } | null = null;

  private constructor(
    readonly process: ChildProcess,
    readonly connection: ProtocolConnection,
    settings: Record<string, unknown>,
  ) {
    this.settings = settings;
  }

  static async start(options: Options): Promise<LanguageServer> {
    const child = spawn(process.execPath, [cli, 'lsp', '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
    const connection = createProtocolConnection(
      new StreamMessageReader(child.stdout),
      new StreamMessageWriter(child.stdin),
    );
    const settings = options.settings ?? { python: { path: python } };
    const server = new LanguageServer(child, connection, settings);
    connection.onNotification(PublishDiagnosticsNotification.type, ({ uri, version, diagnostics }) => {
      server.diagnostics.set(uri, diagnostics);
      server.diagnosed.set(uri, version);
    });
    connection.onNotification(methods.output, (message: unknown) => {
      server.output.push(outputSchema.parse(message).text);
    });
    connection.onNotification(methods.state, (message: unknown) => {
      server.states.push(stateSchema.parse(message));
    });
    connection.onRequest(ConfigurationRequest.type, ({ items }) =>
      items.map(({ section }) => (section === 'layerPeek' ? server.settings : server.editorHints)),
    );
    connection.onRequest('client/registerCapability', () => null);
    connection.onRequest('workspace/codeLens/refresh', () => null);
    connection.onRequest('workspace/inlayHint/refresh', () => null);
    connection.listen();
    await connection.sendRequest('initialize', {
      processId: process.pid,
      rootUri: uriOf(options.folder),
      workspaceFolders: [{ uri: uriOf(options.folder), name: 'test' }],
      capabilities: {
        workspace: {
          configuration: true,
          workspaceFolders: true,
          codeLens: { refreshSupport: true },
          inlayHint: { refreshSupport: true },
        },
      },
      initializationOptions: { ownsCommands: true, trusted: true, pythonFromExtension: null, ...options.environment },
    });
    await connection.sendNotification('initialized', {});
    return server;
  }

  /** Opens a file with its text on disk, or another text as an unsaved buffer; gives its URI. */
  async open(file: string, text = fs.readFileSync(file, 'utf8')): Promise<string> {
    const uri = uriOf(file);
    this.versions.set(uri, 1);
    await this.connection.sendNotification('textDocument/didOpen', {
      textDocument: { uri, languageId: 'python', version: 1, text },
    });
    return uri;
  }

  /** Replaces the whole text, or the part in a range, as an editor would after typing. */
  async change(uri: string, text: string, range?: Range): Promise<void> {
    const version = (this.versions.get(uri) ?? 1) + 1;
    this.versions.set(uri, version);
    await this.connection.sendNotification('textDocument/didChange', {
      textDocument: { uri, version },
      contentChanges: [range === undefined ? { text } : { text, range }],
    });
  }

  /** Diagnostics of the present text; null until they are told. */
  diagnosticsNow(uri: string): Diagnostic[] | null {
    const told = this.diagnostics.get(uri);
    return told !== undefined && this.diagnosed.get(uri) === this.versions.get(uri) ? told : null;
  }

  async capture(uri: string, className: string | null = null, line: number | null = null): Promise<CaptureOutcome> {
    return captureOutcomeSchema.parse(await this.connection.sendRequest(methods.capture, { uri, className, line }));
  }

  /** Tells the server that a setting has changed, and lets it read them all. */
  async settingsChanged(): Promise<void> {
    await this.connection.sendNotification(DidChangeConfigurationNotification.type, { settings: null });
  }

  /** Lens titles by 1-based line. */
  async lenses(uri: string): Promise<Map<number, string[]>> {
    const lenses = await this.connection.sendRequest(CodeLensRequest.type, { textDocument: { uri } });
    const byLine = new Map<number, string[]>();
    for (const lens of lenses ?? []) {
      const line = lens.range.start.line + 1;
      byLine.set(line, [...(byLine.get(line) ?? []), lens.command?.title ?? '']);
    }
    return byLine;
  }

  /** Hint labels by 1-based line. */
  async hints(uri: string): Promise<Map<number, string>> {
    const range = { start: { line: 0, character: 0 }, end: { line: 10_000, character: 0 } };
    const hints = await this.connection.sendRequest(InlayHintRequest.type, { textDocument: { uri }, range });
    return new Map((hints ?? []).map((hint) => [hint.position.line + 1, String(hint.label)]));
  }

  /** Markdown of the hover over the first `text` on a 1-based line; null where there is none. */
  async hover(uri: string, source: string, line: number, text: string): Promise<string | null> {
    const character = (source.split('\n')[line - 1] ?? '').indexOf(text);
    const hover = await this.connection.sendRequest(HoverRequest.type, {
      textDocument: { uri },
      position: { line: line - 1, character },
    });
    return hover !== null && MarkupContent.is(hover.contents) ? hover.contents.value : null;
  }

  async stop(): Promise<void> {
    await this.connection.sendRequest('shutdown');
    await this.connection.sendNotification('exit');
    await new Promise((resolve) => this.process.once('exit', resolve));
    this.connection.dispose();
  }
}

export function uriOf(file: string): string {
  return pathToFileURL(file).toString();
}

/** The 1-based line of a file's text that contains `part`. */
export function lineOf(text: string, part: string): number {
  const index = text.split('\n').findIndex((line) => line.includes(part));
  if (index === -1) {
    throw new Error(`No line contains ${part}`);
  }
  return index + 1;
}

/** Polls until `probe` gives a value, at most `limitMs`. */
export async function until<T>(
  probe: () => T | null | undefined | false | Promise<T | null | undefined | false>,
  limitMs = 20_000,
): Promise<T> {
  const end = Date.now() + limitMs;
  for (;;) {
    const value = await probe();
    if (value !== null && value !== undefined && value !== false) {
      return value;
    }
    if (Date.now() > end) {
      throw new Error(`Not seen within ${limitMs} ms.`);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
