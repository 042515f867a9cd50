import {
  Range,
  type Selection,
  type Tab,
  TabInputText,
  type TextEditor,
  TextEditorRevealType,
  ThemeColor,
  Uri,
  type ViewColumn,
  window,
  workspace,
} from 'vscode';
import type { Place } from './places';

interface Start {
  readonly uri: Uri;
  readonly column: ViewColumn | undefined;
  readonly selection: Selection;
  readonly visible: Range | undefined;
  readonly preview: boolean;
}

/** Shows places while a list is open, as VS Code's own lists of symbols do, and goes back to where the user was. */
export class PlacePreview {
  private readonly mark = window.createTextEditorDecorationType({
    backgroundColor: new ThemeColor('editor.rangeHighlightBackground'),
    isWholeLine: true,
  });
  private readonly start = startOf(window.activeTextEditor);
  private readonly tabs = new Set(openFiles());
  private marked: TextEditor | null = null;
  private ended = false;
  /** One place after the other: two at once would leave the wrong one. */
  private last: Promise<void> = Promise.resolve();

  show(place: Place): Promise<void> {
    this.last = this.last.then(() => this.showNow(place)).catch(() => undefined);
    return this.last;
  }

  /** @param back True to go back to the start, false to leave the editor to the caller. */
  async end(back: boolean): Promise<void> {
    this.ended = true;
    await this.last;
    this.mark.dispose();
    if (back && this.marked !== null) {
      await this.goBack();
    }
  }

  private async showNow(place: Place): Promise<void> {
    if (this.ended) {
      return;
    }
    const document = await workspace.openTextDocument(Uri.parse(place.uri));
    const editor = await window.showTextDocument(document, {
      ...inColumn(this.start),
      preserveFocus: true,
      preview: true,
    });
    const { start, end } = place.range;
    const range = new Range(start.line, start.character, end.line, end.character);
    if (this.marked !== null && this.marked !== editor) {
      this.marked.setDecorations(this.mark, []);
    }
    this.marked = editor;
    editor.setDecorations(this.mark, [range]);
    editor.revealRange(range, TextEditorRevealType.InCenterIfOutsideViewport);
  }

  private async goBack(): Promise<void> {
    const { start } = this;
    if (start !== null) {
      const editor = await window.showTextDocument(start.uri, { ...inColumn(start), preview: start.preview });
      editor.selection = start.selection;
      if (start.visible !== undefined) {
        editor.revealRange(start.visible, TextEditorRevealType.AtTop);
      }
    }
    const added = window.tabGroups.all
      .flatMap((group) => group.tabs)
      .filter((tab) => tab.isPreview && !tab.isDirty && isFile(tab) && !this.tabs.has(tab.input.uri.toString()));
    await window.tabGroups.close(added, true);
  }
}

function startOf(editor: TextEditor | undefined): Start | null {
  return editor === undefined
    ? null
    : {
        uri: editor.document.uri,
        column: editor.viewColumn,
        selection: editor.selection,
        visible: editor.visibleRanges[0],
        preview: window.tabGroups.activeTabGroup.activeTab?.isPreview ?? false,
      };
}

function inColumn(start: Start | null): { viewColumn?: ViewColumn } {
  return start?.column === undefined ? {} : { viewColumn: start.column };
}

function openFiles(): string[] {
  return window.tabGroups.all
    .flatMap((group) => group.tabs)
    .filter(isFile)
    .map((tab) => tab.input.uri.toString());
}

function isFile(tab: Tab): tab is Tab & { readonly input: TabInputText } {
  return tab.input instanceof TabInputText;
}
