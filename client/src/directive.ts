import { Position, Range, type TextDocument, Uri, window, workspace } from 'vscode';
import { type DirectiveEdit, directiveParamsSchema } from '../../server/src/protocol/clientMessages';
import type { Layers } from './layers';
import { select } from './places';
import type { Server } from './server';

/** Writes the directive into its file and selects the part to edit. An empty text only selects in what is there already. */
export async function applyDirective(edit: DirectiveEdit): Promise<void> {
  const document = await workspace.openTextDocument(Uri.parse(edit.uri));
  const editor = await window.showTextDocument(document);
  const start = new Position(edit.position.line, edit.position.character);
  if (edit.text !== '' && !(await editor.edit((builder) => builder.insert(start, edit.text)))) {
    void window.showErrorMessage(
      'Layer Peek could not write the recipe: the file can not be edited. Make it writable and try again.',
    );
    return;
  }
  select(
    editor,
    new Range(at(document, start, edit, edit.selection.start), at(document, start, edit, edit.selection.end)),
  );
}

/** The position `offset` code units into the edit's text. Counted in lines, because a file with CRLF line ends changes the offsets of the text inserted. */
function at(document: TextDocument, start: Position, edit: DirectiveEdit, offset: number): Position {
  if (edit.text === '') {
    return document.positionAt(document.offsetAt(start) + offset);
  }
  const lines = edit.text.slice(0, offset).split('\n');
  const last = lines.at(-1) ?? '';
  return lines.length === 1
    ? start.translate(0, last.length)
    : new Position(start.line + lines.length - 1, last.length);
}

/** Command "Edit Recipe": of the class given by the lens, else of the class at the cursor. */
export async function editRecipe(server: Server, layers: Layers, argument: unknown): Promise<void> {
  const given = directiveParamsSchema.safeParse(argument);
  const target = given.success ? given.data : await layers.classAtCursor();
  const edit = target === null ? null : await server.directive(target.uri, target.className);
  if (edit === null) {
    void window.showInformationMessage(
      'Layer Peek found no module class here to write a recipe for. Put the cursor into a class that derives from nn.Module.',
    );
    return;
  }
  await applyDirective(edit);
}
