import { isDeepStrictEqual } from 'node:util';
import { commands, type Disposable, EventEmitter, type LogOutputChannel, Uri, window, workspace } from 'vscode';
import type { TreeRow } from '../../server/src/protocol/clientMessages';
import { Debounce } from './debounce';
import { LayerRows } from './layerRows';
import { activePythonEditor } from './places';
import type { Server } from './server';

const AFTER_EDIT_MS = 300;
const AFTER_STATE_MS = 30;

/** Why the view has no rows; the manifest's welcome texts depend on it. */
type Emptiness = 'noFile' | 'noClass' | 'failed' | 'none';

/** The layer rows of the Python file that the user works in, or worked in last. They are fetched only while somebody looks at them. */
export class Layers implements Disposable {
  private readonly changed = new EventEmitter<void>();
  private readonly later = new Debounce(() => void this.refresh());
  private readonly subscriptions: Disposable[];
  private watched = false;
  private loading: Promise<void> | null = null;
  private loaded = false;
  private again = false;

  /** File of the rows; null where no Python file was open. */
  uri: string | null = activePythonEditor()?.document.uri.toString() ?? null;
  rows = new LayerRows([]);
  readonly onDidChange = this.changed.event;

  constructor(
    private readonly server: Server,
    private readonly log: LogOutputChannel,
  ) {
    this.subscriptions = [
      this.changed,
      this.later,
      server.onState(() => this.later.trigger(AFTER_STATE_MS)),
      window.onDidChangeActiveTextEditor(() => this.follow(activePythonEditor()?.document.uri.toString() ?? this.uri)),
      workspace.onDidCloseTextDocument((document) => {
        if (document.uri.toString() === this.uri) {
          this.follow(activePythonEditor()?.document.uri.toString() ?? null);
        }
      }),
      workspace.onDidChangeTextDocument(({ document }) => {
        if (document.uri.toString() === this.uri) {
          this.later.trigger(AFTER_EDIT_MS);
        }
      }),
    ];
  }

  /** Tells whether the rows are looked at. */
  watch(watched: boolean): void {
    this.watched = watched;
    void this.refresh();
  }

  /** The rows for a view that draws them: it waits for the first ones, since an event that comes while a view appears may be lost. */
  async roots(): Promise<readonly TreeRow[]> {
    this.watched = true;
    await (this.loaded ? this.loading : this.refresh());
    return this.rows.roots;
  }

  /** Module class around the cursor, else the one that ends above it; null where there is none. */
  async classAtCursor(): Promise<{ uri: string; className: string } | null> {
    const isClass = (row: TreeRow) => row.kind === 'class' && row.capture !== null;
    const row = await this.atCursor(
      (rows, isFile, line) => rows.at(isFile, line, isClass) ?? rows.above(isFile, line, isClass),
    );
    return row?.capture ?? null;
  }

  /** Layer that the cursor's line defines, null where it defines none. */
  async layerAtCursor(): Promise<TreeRow | null> {
    // Rows of the last run have no capture: they are instances of the definition, which is what is meant here.
    const isDefinition = (row: TreeRow) => row.layerPath !== null && row.capture !== null;
    return await this.atCursor((rows, isFile, line) => rows.at(isFile, line, isDefinition));
  }

  /** Looks a row up in the present text of the active editor, whichever file the view shows. */
  private async atCursor(
    find: (rows: LayerRows, isFile: (uri: string) => boolean, line: number) => TreeRow | undefined,
  ): Promise<TreeRow | null> {
    const editor = activePythonEditor();
    if (editor === undefined) {
      return null;
    }
    const uri = editor.document.uri.toString();
    const rows = new LayerRows(await this.server.tree(uri));
    return find(rows, isSameFile(uri), editor.selection.active.line) ?? null;
  }

  private follow(uri: string | null): void {
    if (uri !== this.uri) {
      this.uri = uri;
      void this.refresh();
    }
  }

  /** Fetches once at a time; what changes meanwhile is fetched after. */
  private refresh(): Promise<void> {
    if (!this.watched) {
      return Promise.resolve();
    }
    if (this.loading !== null) {
      this.again = true;
      return this.loading;
    }
    this.loading = this.fetchUntilCurrent().finally(() => {
      this.loading = null;
      this.loaded = true;
    });
    return this.loading;
  }

  private async fetchUntilCurrent(): Promise<void> {
    do {
      this.again = false;
      await this.fetch();
    } while (this.again);
  }

  private async fetch(): Promise<void> {
    const uri = this.uri;
    try {
      const roots = uri === null ? [] : await this.server.tree(uri);
      this.show(roots, roots.length > 0 ? 'none' : uri === null ? 'noFile' : 'noClass');
    } catch (error) {
      this.log.error(`The layers of ${uri} could not be read: ${error}`);
      this.show([], 'failed');
    }
  }

  private show(roots: TreeRow[], emptiness: Emptiness): void {
    void commands.executeCommand('setContext', 'layerPeek.emptiness', emptiness);
    if (!isDeepStrictEqual(roots, this.rows.roots)) {
      this.rows = new LayerRows(roots);
      this.changed.fire();
    }
  }

  dispose(): void {
    for (const subscription of this.subscriptions) {
      subscription.dispose();
    }
  }
}

/** A test for one file, whichever way its URI is escaped. */
export function isSameFile(uri: string): (other: string) => boolean {
  const known = new Map<string, boolean>([[uri, true]]);
  return (other) => {
    const answer = known.get(other) ?? Uri.parse(other).toString() === uri;
    known.set(other, answer);
    return answer;
  };
}
