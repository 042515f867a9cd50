import { deepEqual, equal } from 'node:assert/strict';
import { commands, env, Selection, type TextEditor } from 'vscode';
import manifest from '../../package.json';
import { exampleUri, lineWith, openExample } from './editor';

suite('commands', () => {
  /** Puts the cursor at the start of the first line that holds `part`; gives the line's number, 0-based. */
  function putCursor(editor: TextEditor, part: string): number {
    const line = lineWith(editor.document, part);
    editor.selection = new Selection(line, 0, line, 0);
    return line;
  }

  test('every command that the manifest names is there', async () => {
    await openExample('simple_model.py');
    const registered = new Set(await commands.getCommands());
    const missing = manifest.contributes.commands.filter(({ command }) => !registered.has(command));
    deepEqual(missing, []);
  });

  test('a menu names no command that is not declared', () => {
    const declared = new Set(manifest.contributes.commands.map(({ command }) => command));
    const used = Object.values(manifest.contributes.menus)
      .flat()
      .map(({ command }) => command);
    deepEqual(
      used.filter((command) => !declared.has(command)),
      [],
    );
  });

  test('Copy Layer Path copies the path of a lens', async () => {
    await openExample('simple_model.py');
    await commands.executeCommand('layerPeek.copyLayerPath', { path: 'layer1.0.conv1' });
    equal(await env.clipboard.readText(), 'layer1.0.conv1');
  });

  test('Copy Layer Path copies the path of the layer at the cursor', async () => {
    const editor = await openExample('simple_model.py');
    putCursor(editor, 'self.fc1 = nn.Linear');
    await commands.executeCommand('layerPeek.copyLayerPath');
    equal(await env.clipboard.readText(), 'fc1');
  });

  test('Go to Definition puts the cursor at the start of a row', async () => {
    const editor = await openExample('simple_model.py');
    const line = putCursor(editor, 'self.conv1 = nn.Conv2d');
    putCursor(editor, 'import torch');
    const place = { line, character: 8 };
    const location = { uri: exampleUri('simple_model.py').toString(), range: { start: place, end: place } };
    await commands.executeCommand('layerPeek.goToDefinition', { location });
    deepEqual([editor.selection.active.line, editor.selection.active.character], [line, 8]);
  });
});
