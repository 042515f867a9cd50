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

  test('lenses asked for while one types are never none', async () => {
    const editor = await openExample('simple_model.py');
    const { document } = editor;
    const nets = Array.from({ length: 300 }, (_, index) => longNet(index)).join('');
    const all = new vscode.Range(document.positionAt(0), document.positionAt(document.getText().length));
    const head = 'from torch import nn\n\n\ndef block(n):\n    return nn.Sequential(*[nn.Linear(n, n) for _ in range(';
    await editor.edit((edit) => edit.replace(all, `${head}3)])\n${nets}`));
    await lensOn(document, 'self.a299 =', 'a299');
    const end = document.positionAt(head.length);
    for (const digit of ['1', '2', '3']) {
      await editor.edit((edit) => edit.insert(end, digit));
      const asked = lenses(document);
      // All classes hang on this number, so that the answer for the text before can't be ready yet.
      await editor.edit((edit) => edit.replace(new vscode.Range(end, end.translate(0, 1)), ''));
      assert.notDeepEqual(await asked, []);
    }
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

function longNet(index: number): string {
  const init = `        super().__init__()\n        self.a${index} = block(${index})\n        self.b = nn.ModuleList([block(i) for i in range(4)])\n`;
  return `\n\nclass Net${index}(nn.Module):\n    def __init__(self):\n${init}\n    def forward(self, x):\n        return self.b(x)\n`;
}
