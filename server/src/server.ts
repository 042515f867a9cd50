/** Wires the language server: documents, captures and features onto one connection. */

import {
  type CancellationToken,
  type Connection,
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
  FileChangeType,
  type InitializeParams,
  type InitializeResult,
  TextDocumentSyncKind,
} from 'vscode-languageserver';
import { CaptureService } from './capture/captureService';
import { HelperPool } from './capture/helperPool';
import { Clicks } from './clicks';
import { Diagnosing } from './diagnosing';
import { Documents, filePath, type OpenFile } from './documents';
import { interpretersFor } from './features/capture';
import { codeLenses } from './features/codeLens';
import { directiveActions, directiveEdit } from './features/directive';
import { layersFor } from './features/goToLayer';
import { hover } from './features/hover';
import { inlayHints } from './features/inlayHints';
import { layerTree } from './features/layerTree';
import { pathCompletion } from './features/pathCompletion';
import { asLocations, pathDefinition } from './features/pathDefinition';
import { pathFixes } from './features/pathHints';
import { pathHover } from './features/pathHover';
import { mayNamePath } from './features/pathStrings';
import { TypingCursor } from './features/typingCursor';
import { IndexCache } from './indexCache';
import { wasmFolder } from './installation';
import { InstalledPackages } from './installedPackages';
import * as messages from './protocol/clientMessages';
import { Refresh } from './refresh';
import { Mapper } from './source/mapper';
import { ServerState } from './state';
import { openReader } from './syntax/openReader';
import { WarmHelper } from './warmHelper';
import { WorkspaceFiles } from './workspaceFiles';
import { WorkspaceIndex } from './workspaceIndex';

const { commands, methods } = messages;
const defaultEnvironment: messages.Environment = {
  ownsCommands: false,
  trusted: true,
  pythonFromExtension: null,
  cacheFolder: null,
};

/** Serves one client until it disconnects. */
export function startServer(connection: Connection): void {
  let mapper: Mapper | null = null;
  let canAskConfiguration = false;
  let canLink = false;
  let canWatch = false;
  const files = new WorkspaceFiles({ workspace: () => state.roots, installed: () => packages.paths() });
  const documents = new Documents(
    files,
    () => mapper,
    (changed) => index.invalidate(changed),
    (file, parsed) => index.set(file, parsed),
  );
  const index = new WorkspaceIndex(
    () => mapper,
    () => refresh.everything(),
    (message) => connection.console.info(message),
    () => packages.paths(),
  );
  const state: ServerState = new ServerState(documents, defaultEnvironment, messages.settingsSchema.parse({}), index);
  const packages = new InstalledPackages(state);
  const printed = (text: string): void => void connection.sendNotification(methods.output, { text });
  const pool = new HelperPool(printed, () => state.settings.capture.idleMinutes);
  const service = new CaptureService(state.captures);
  const diagnosing = new Diagnosing(connection, state);
  const refresh = new Refresh(connection, state, diagnosing);
  const warm = new WarmHelper(state, pool, refresh);
  const clicks = new Clicks(state, service, pool, warm, refresh);
  // Until the settings are read, a capture or a warm start would take the wrong interpreter.
  let configured: () => void = () => undefined;
  const configuration = new Promise<void>((resolve) => {
    configured = resolve;
  });

  connection.onInitialize(async (params: InitializeParams): Promise<InitializeResult> => {
    state.environment = messages.environmentSchema.catch(defaultEnvironment).parse(params.initializationOptions);
    state.roots = (params.workspaceFolders ?? []).map((folder) => filePath(folder.uri));
    const { workspace } = params.capabilities;
    canAskConfiguration = workspace?.configuration ?? false;
    canWatch = workspace?.didChangeWatchedFiles?.dynamicRegistration ?? false;
    canLink = params.capabilities.textDocument?.definition?.linkSupport ?? false;
    refresh.supports = {
      lens: workspace?.codeLens?.refreshSupport ?? false,
      hint: workspace?.inlayHint?.refreshSupport ?? false,
    };
    const { cacheFolder } = state.environment;
    index.cache =
      cacheFolder === null
        ? null
        : await IndexCache.open(cacheFolder, files.resolver, (message) => connection.console.warn(message));
    mapper = new Mapper(await openReader(wasmFolder), files, (...asked) => index.cache?.get(...asked) ?? null);
    return { serverInfo: { name: 'Layer Peek' }, capabilities: capabilities(state.environment) };
  });
  connection.onInitialized(async () => {
    if (canAskConfiguration) {
      await connection.client.register(DidChangeConfigurationNotification.type, {
        section: ['layerPeek', 'editor.inlayHints'],
      });
    }
    connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
      const gone = new Set(removed.map((folder) => filePath(folder.uri)));
      state.roots = [...state.roots.filter((root) => !gone.has(root)), ...added.map((folder) => filePath(folder.uri))];
      files.forget();
      mapper?.filesChanged();
      void index.start(state.roots);
    });
    if (canWatch) {
      await connection.client.register(DidChangeWatchedFilesNotification.type, {
        watchers: [{ globPattern: '**/*.py' }],
      });
    }
    await readSettings();
    configured();
    await index.start(state.roots);
  });
  connection.onDidChangeConfiguration(readSettings);
  connection.onDidChangeWatchedFiles(({ changes }) => {
    for (const { uri, type } of changes) {
      const file = filePath(uri);
      if (type !== FileChangeType.Changed) {
        files.forget();
        mapper?.filesChanged();
      } else if (!files.open.has(file)) {
        index.invalidate(mapper?.changed(file) ?? []);
      }
      index.touch(file, type === FileChangeType.Deleted);
    }
  });
  connection.onNotification(methods.environment, (params: unknown) => {
    state.environment = messages.environmentSchema.parse(params);
    environmentChanged();
  });
  const end = (): void => {
    index.dispose();
    diagnosing.dispose();
    pool.dispose();
  };
  connection.onShutdown(end);
  connection.onExit(end);

  documents.open.onDidOpen(async ({ document }) => {
    await configuration;
    await warmFor(document.uri);
  });
  documents.open.onDidChangeContent(({ document }) => diagnosing.edited(document.uri));

  connection.onCodeLens(({ textDocument }, token) =>
    withFile(textDocument.uri, [], (open) => codeLenses(state, open), token),
  );
  connection.onCodeAction(({ textDocument, range }, token) =>
    withFile(
      textDocument.uri,
      [],
      (open) => [...directiveActions(open, range), ...pathFixes(state, open, range)],
      token,
    ),
  );
  connection.onHover(({ textDocument, position }, token) =>
    withFile(
      textDocument.uri,
      null,
      (open) => pathHover(state, open, position) ?? hover(state, open, position, pool.answering),
      token,
    ),
  );
  connection.onCompletion(({ textDocument, position }, token) => {
    const document = documents.open.get(textDocument.uri);
    if (document === undefined || !mayNamePath(document, position)) {
      return null;
    }
    const cursor = new TypingCursor(document, position);
    return documents.answer(
      textDocument.uri,
      (open) => pathCompletion(state, open, cursor),
      token,
      (later) => cursor.fits(later),
    );
  });
  connection.onDefinition(async ({ textDocument, position }, token) => {
    const document = documents.open.get(textDocument.uri);
    const links =
      document !== undefined && mayNamePath(document, position)
        ? await withFile(textDocument.uri, [], (open) => pathDefinition(state, open, position), token)
        : [];
    return canLink ? links : asLocations(links);
  });
  connection.languages.inlayHint.on(({ textDocument, range }, token) =>
    withFile(textDocument.uri, [], (open) => inlayHints(state, open, range), token),
  );

  connection.onRequest(methods.capture, (params: unknown, token: CancellationToken) => click(params, token));
  connection.onNotification(methods.cancelCapture, () => service.cancel());
  connection.onExecuteCommand(({ command, arguments: given }, token) =>
    command === commands.cancelCapture ? service.cancel() : click(given?.[0], token),
  );
  connection.onRequest(methods.tree, async (params: unknown, token: CancellationToken) => {
    const { uri } = messages.treeParamsSchema.parse(params);
    const rows: messages.TreeRow[] = [];
    for (const one of uri === null ? documents.open.keys() : [uri]) {
      rows.push(...(await withFile(one, [], (open) => layerTree(state, open), token)));
    }
    return rows;
  });
  connection.onRequest(methods.layers, (params: unknown) =>
    layersFor(state, messages.layersParamsSchema.parse(params)),
  );
  connection.onRequest(methods.directive, (params: unknown, token: CancellationToken) => {
    const { uri, className } = messages.directiveParamsSchema.parse(params);
    return withFile(uri, null, (open) => directiveEdit(state, open, className), token);
  });
  connection.onRequest(methods.interpreters, async (params: unknown) => {
    await configuration;
    const { uri } = messages.interpretersParamsSchema.parse(params);
    const shown = uri ?? documents.open.keys().at(-1) ?? null;
    const file = shown === null ? process.cwd() : filePath(shown);
    return interpretersFor(state, file).map((one) => (one.path === state.interpreter?.path ? state.interpreter : one));
  });

  async function readSettings(): Promise<void> {
    if (canAskConfiguration) {
      const sections = [{ section: 'layerPeek' }, { section: 'editor.inlayHints' }];
      const [own, editor]: unknown[] = await connection.workspace.getConfiguration(sections);
      state.editorShowsHints = messages.editorHintsSchema.parse(editor).enabled !== 'off';
      const settings = messages.settingsSchema.safeParse(own ?? {});
      if (settings.success) {
        state.settings = settings.data;
      } else {
        connection.console.warn(
          `A setting of Layer Peek was not understood, the ones before stay: ${settings.error.message}`,
        );
      }
    }
    environmentChanged();
  }

  function environmentChanged(): void {
    if (packages.changed()) {
      files.forget();
      mapper?.filesChanged();
      void index.start(state.roots);
    }
    const newest = documents.open.keys().at(-1);
    if (newest !== undefined) {
      void warmFor(newest);
    }
    refresh.everything();
  }

  async function warmFor(uri: string): Promise<void> {
    const open = await documents.newest(uri);
    if (open !== null) {
      warm.for(open);
    }
  }

  async function click(given: unknown, token: CancellationToken): Promise<messages.CaptureOutcome> {
    await configuration;
    const params = messages.captureParamsSchema.parse(given);
    const { workDoneToken } = params;
    const progress = workDoneToken === undefined ? null : connection.window.attachWorkDoneProgress(workDoneToken);
    return clicks.run(params, token, progress);
  }

  async function withFile<T>(
    uri: string,
    otherwise: T,
    read: (open: OpenFile) => T | Promise<T>,
    token: CancellationToken,
  ): Promise<T> {
    return (await documents.answer(uri, read, token)) ?? otherwise;
  }

  documents.open.listen(connection);
  connection.listen();
}

function capabilities(environment: messages.Environment): InitializeResult['capabilities'] {
  const own = [commands.captureOutput, commands.captureAll, commands.cancelCapture];
  return {
    textDocumentSync: TextDocumentSyncKind.Incremental,
    codeLensProvider: {},
    inlayHintProvider: {},
    hoverProvider: true,
    definitionProvider: true,
    completionProvider: { triggerCharacters: ['"', "'", '.'] },
    codeActionProvider: { codeActionKinds: ['quickfix'] },
    workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
    ...(environment.ownsCommands ? {} : { executeCommandProvider: { commands: own } }),
  };
}
