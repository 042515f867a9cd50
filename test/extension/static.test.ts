/** What the extension shows before anything runs. */

import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { commands } from '../../server/src/protocol/clientMessages';
import { lenses, lensOn, openExample, revert } from './editor';

suite('before a capture', () => {
  teardown(revert);

  test('the commands of the lenses and of the palette are registered', async () => {
    await openExample('simple_model.py');
    const registered = await vscode.commands.getCommands(true);
    const missing = Object.values(commands).filter((name) => !registered.includes(name));
    assert.deepEqual(missing, []);
  });

  test('each layer definition has a lens with its path and one that captures it', async () => {
    const { document } = await openExample('simple_model.py');
    for (const path of ['conv1', 'fc1']) {
      await lensOn(document, `self.${path} =`, path);
      await lensOn(document, `self.${path} =`, 'Capture output');
    }
  });

  test('a module class has a lens that captures all and one with the recipe', async () => {
    const { document } = await openExample('simple_model.py');
    await lensOn(document, 'class SimpleModel', 'Capture all outputs');
    await lensOn(document, 'class SimpleModel', 'SimpleModel()');
  });

  test('lenses follow the buffer, saved or not', async () => {
    const editor = await openExample('simple_model.py');
    const { document } = editor;
    await lensOn(document, 'self.fc1 =', 'fc1');
    const after = document.lineAt(
      document
        .getText()
        .split('\n')
        .findIndex((text) => text.includes('self.fc1 =')),
    );
    await editor.edit((edit) => edit.insert(after.range.end, '\n        self.extra = nn.ReLU()'));
    await lensOn(document, 'self.extra =', 'extra');
    assert.equal(document.isDirty, true);
  });

  test('a file without a module class has no lens', async () => {
    const document = await vscode.workspace.openTextDocument({
      language: 'python',
      content: 'class Plain:\n    x = 1\n',
    });
    await vscode.window.showTextDocument(document);
    assert.deepEqual(await lenses(document), []);
  });
});
