import { CancellationTokenSource, type QuickPick, type QuickPickItem, Uri, window, workspace } from 'vscode';
import type { LayerRow, LayersResult } from '../../server/src/protocol/clientMessages';
import { Debounce } from './debounce';
import { isLayerPath, pathAround } from './layerPathText';
import { PlacePreview } from './placePreview';
import { activePythonEditor, showPlace } from './places';
import type { Server } from './server';
import { reasonOf } from './serverErrors';

const AFTER_KEY_MS = 60;
const AFTER_MOVE_MS = 80;

interface LayerItem extends QuickPickItem {
  /** Null on the line that says why there is nothing. */
  readonly row: LayerRow | null;
}

/** Command "Go to Layer...": a list of all layer paths that narrows down as the user types or pastes, and shows each place meanwhile. */
export async function goToLayer(server: Server): Promise<void> {
  const uri = activePythonEditor()?.document.uri.toString() ?? null;
  const picker = new LayerPicker(server, uri);
  // Where the server can't answer, the list says why.
  await picker.open(await initialQuery(server, uri).catch(() => ''));
}

/** What is selected, or the string at the cursor, where a layer goes by it. */
async function initialQuery(server: Server, uri: string | null): Promise<string> {
  const editor = window.activeTextEditor;
  if (editor === undefined) {
    return '';
  }
  const { document, selection } = editor;
  const selected = document.getText(selection).trim();
  if (selected !== '') {
    const found = (await server.layers(selected, uri)).rows.length > 0;
    return found ? selected.replace(/\s*\n\s*/g, ' ') : '';
  }
  const path = pathAround(document.lineAt(selection.active.line).text, selection.active.character);
  if (path === null || !isLayerPath(path)) {
    return '';
  }
  // A string such as "cpu" looks like a path and is none.
  const { rows } = await server.layers(path, uri);
  return rows.some((row) => path === row.path || path.startsWith(`${row.path}.`)) ? path : '';
}

class LayerPicker {
  private readonly pick: QuickPick<LayerItem> = window.createQuickPick<LayerItem>();
  private readonly preview = new PlacePreview();
  private readonly searchLater = new Debounce(() => void this.search());
  private readonly previewLater = new Debounce(() => void this.showActive());
  private running: CancellationTokenSource | null = null;
  /** False until the user looks for something: the editor behind the list stays as it is till then. */
  private moved = false;
  private accepted: LayerRow | null = null;

  constructor(
    private readonly server: Server,
    private readonly uri: string | null,
  ) {
    this.pick.placeholder = 'Type or paste a layer path, a state_dict key, or what print(model) writes';
    // The server has found and ordered the rows already.
    Object.assign(this.pick, { sortByLabel: false });
  }

  /** Ends when the list has gone and the editor is where the user wants it. */
  async open(query: string): Promise<void> {
    const { pick } = this;
    const gone = new Promise<void>((resolve) => pick.onDidHide(resolve));
    pick.onDidChangeValue(() => this.searchLater.trigger(AFTER_KEY_MS));
    pick.onDidChangeActive(([item]) => {
      this.moved ||= pick.value !== '' || item !== pick.items[0];
      this.previewLater.trigger(AFTER_MOVE_MS);
    });
    pick.onDidAccept(() => this.accept());
    pick.value = query;
    pick.show();
    await this.search();
    await gone;
    this.searchLater.dispose();
    this.previewLater.dispose();
    this.running?.cancel();
    pick.dispose();
    await this.preview.end(this.accepted === null);
    if (this.accepted !== null) {
      await showPlace(this.accepted.location);
    }
  }

  /** Asks for what fits; an answer that a newer question has overtaken is not shown. */
  private async search(): Promise<void> {
    this.running?.cancel();
    const running = new CancellationTokenSource();
    this.running = running;
    const query = this.pick.value;
    this.pick.busy = true;
    try {
      const result = await this.server.layers(query, this.uri, running.token);
      if (!running.token.isCancellationRequested) {
        this.pick.items = itemsOf(result, query);
      }
    } catch (error) {
      if (!running.token.isCancellationRequested) {
        this.pick.items = [nothing('The layers could not be read', reasonOf(error))];
      }
    } finally {
      if (this.running === running) {
        this.pick.busy = false;
      }
    }
  }

  private async showActive(): Promise<void> {
    const row = this.pick.activeItems[0]?.row ?? null;
    if (row !== null && this.moved) {
      await this.preview.show(row.location);
    }
  }

  private accept(): void {
    const row = this.pick.selectedItems[0]?.row ?? null;
    if (row !== null) {
      this.accepted = row;
      this.pick.hide();
    }
  }
}

function itemsOf({ rows, known }: LayersResult, query: string): LayerItem[] {
  if (rows.length > 0) {
    return rows.map((row) => ({
      label: row.certain ? row.path : `${row.path} ?`,
      description: `${row.className}  ${workspace.asRelativePath(Uri.parse(row.location.uri))}:${row.location.range.start.line + 1}`,
      alwaysShow: true,
      row,
    }));
  }
  return known === 0
    ? [nothing('No layers are known', 'Open a Python file with a PyTorch model, then try again.')]
    : [nothing(`No layer fits "${shortened(query)}"`, 'Try a part of its name, such as conv1, or its class.')];
}

function nothing(label: string, description: string): LayerItem {
  return { label, description, alwaysShow: true, row: null };
}

function shortened(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
