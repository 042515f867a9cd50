import { Position, Range, Selection, type TextEditor, TextEditorRevealType, Uri, window, workspace } from 'vscode';
import type { TreeRow } from '../../server/src/protocol/clientMessages';

/** A place in a file as the protocol writes it. */
export type Place = NonNullable<TreeRow['location']>;

/** The editor the user works in where it shows a Python file on disk, else undefined. */
export function activePythonEditor(): TextEditor | undefined {
  const editor = window.activeTextEditor;
  return editor !== undefined && isPythonFile(editor) ? editor : undefined;
}

function isPythonFile(editor: TextEditor): boolean {
  return editor.document.languageId === 'python' && editor.document.uri.scheme === 'file';
}

/** Opens the file and puts the cursor at the start of the place. */
export async function showPlace(place: Place): Promise<void> {
  const document = await workspace.openTextDocument(Uri.parse(place.uri));
  const editor = await window.showTextDocument(document);
  const start = new Position(place.range.start.line, place.range.start.character);
  select(editor, new Range(start, start));
}

/** Selects the range and brings it into view. */
export function select(editor: TextEditor, range: Range): void {
  editor.selection = new Selection(range.start, range.end);
  editor.revealRange(range, TextEditorRevealType.InCenterIfOutsideViewport);
}
