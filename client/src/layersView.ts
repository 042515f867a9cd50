import { type Disposable, EventEmitter, type TreeDataProvider, type TreeItem, type TreeView, window } from 'vscode';
import type { TreeRow } from '../../server/src/protocol/clientMessages';
import { Debounce } from './debounce';
import { layerItem } from './layerItem';
import { isSameFile, type Layers } from './layers';
import { activePythonEditor } from './places';

const AFTER_CURSOR_MS = 150;

/** The side bar "Layers": draws the rows and keeps the one at the cursor selected. */
export class LayersView implements TreeDataProvider<TreeRow>, Disposable {
  private readonly redraw = new EventEmitter<void>();
  private readonly followLater = new Debounce(() => void this.followCursor());
  private readonly view: TreeView<TreeRow>;
  private readonly subscriptions: Disposable[];

  readonly onDidChangeTreeData = this.redraw.event;

  constructor(private readonly layers: Layers) {
    this.view = window.createTreeView('layerPeek.layers', { treeDataProvider: this, showCollapseAll: true });
    this.subscriptions = [
      this.view,
      this.redraw,
      this.followLater,
      layers.onDidChange(() => {
        this.redraw.fire();
        this.followLater.trigger(AFTER_CURSOR_MS);
      }),
      this.view.onDidChangeVisibility(({ visible }) => layers.watch(visible)),
      window.onDidChangeTextEditorSelection(() => this.followLater.trigger(AFTER_CURSOR_MS)),
    ];
    layers.watch(this.view.visible);
  }

  getTreeItem(row: TreeRow): TreeItem {
    return layerItem(row);
  }

  async getChildren(row?: TreeRow): Promise<TreeRow[]> {
    return row === undefined ? [...(await this.layers.roots())] : row.children;
  }

  getParent(row: TreeRow): TreeRow | undefined {
    return this.layers.rows.parent(row);
  }

  private async followCursor(): Promise<void> {
    const editor = activePythonEditor();
    if (!this.view.visible || editor === undefined || editor.document.uri.toString() !== this.layers.uri) {
      return;
    }
    const selected = this.view.selection[0]?.id;
    const line = editor.selection.active.line;
    const row = this.layers.rows.at(isSameFile(this.layers.uri), line, undefined, selected);
    if (row !== undefined && row.id !== selected) {
      await this.view.reveal(row, { select: true, focus: false });
    }
  }

  dispose(): void {
    for (const subscription of this.subscriptions) {
      subscription.dispose();
    }
  }
}
