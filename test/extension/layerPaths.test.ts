/** Layer paths inside strings, as the editor asks for them. */

import { deepEqual, equal, match, ok } from 'node:assert/strict';
import * as vscode from 'vscode';
import { until } from '../host/limits.mjs';
import { diagnosticOn, hoverOn, lineWith, openExample, revert } from './editor';

const LIMIT_MS = 30_000;

suite('layer paths in strings', () => {
  teardown(revert);

  /** The example with a line behind it; `|` marks the cursor. */
  async function write(line: string): Promise<{ document: vscode.TextDocument; position: vscode.Position }> {
    const editor = await openExample('resnet.py');
    const { document } = editor;
    const end = document.lineAt(document.lineCount - 1).range.end;
    await editor.edit((edit) => edit.insert(end, `\n\nmodel = resnet18()\n${line.replace('|', '')}\n`));
    const at = document.getText().split('\n').indexOf(line.replace('|', ''));
    return { document, position: new vscode.Position(at, Math.max(0, line.indexOf('|'))) };
  }

  test('completion goes on name by name', async () => {
    const { document, position } = await write('model.get_submodule("layer1.0.|")');
    const item = await until(
      'the path to be proposed',
      async () => {
        const list = await vscode.commands.executeCommand<vscode.CompletionList>(
          'vscode.executeCompletionItemProvider',
          document.uri,
          position,
          '.',
        );
        return list.items.find((one) => one.label === 'layer1.0.conv1');
      },
      LIMIT_MS,
    );
    equal(item.detail, 'conv3x3');
  });

  test('Go to Definition leads from the string to the line', async () => {
    const { document, position } = await write('model.get_submodule("layer1.0.|conv1")');
    const links = await until(
      'a definition',
      async () => {
        const found = await vscode.commands.executeCommand<(vscode.Location | vscode.LocationLink)[]>(
          'vscode.executeDefinitionProvider',
          document.uri,
          position,
        );
        return found.length > 0 ? found : null;
      },
      LIMIT_MS,
    );
    const lines = links.map((one) => ('targetRange' in one ? one.targetRange : one.range).start.line);
    deepEqual(lines, [lineWith(document, 'self.conv1 = conv3x3')]);
  });

  test('the hover tells the layer', async () => {
    const { document } = await write('model.get_submodule("layer1.0.conv1")');
    match(await hoverOn(document, 'get_submodule', 'layer1.0.conv1'), /conv3x3/);
  });

  test('a path that does not exist gets the nearest one, and a fix', async () => {
    const { document } = await write('model.get_submodule("layr4")');
    const { message, range } = await diagnosticOn(document, 'get_submodule');
    match(message, /layer4/);
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      document.uri,
      range,
    );
    const edit = actions.find((one) => one.title.includes('layer4'))?.edit;
    ok(edit !== undefined);
    await vscode.workspace.applyEdit(edit);
    ok(document.getText().includes('model.get_submodule("layer4")'));
  });
});
