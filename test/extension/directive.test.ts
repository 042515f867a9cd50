import { equal, match } from 'node:assert/strict';
import { commands, Selection, type TextEditor, window, workspace } from 'vscode';
import { exampleUri, lineWith, openExample, revert } from './editor';

const model = `import torch.nn as nn


class Tiny(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 2)

    def forward(self, x):
        return self.fc(x)
`;

suite('Edit Recipe', () => {
  teardown(revert);

  async function open(name: string, text: string): Promise<TextEditor> {
    await workspace.fs.writeFile(exampleUri(name), Buffer.from(text));
    return openExample(name);
  }

  function selected(): string {
    const editor = window.activeTextEditor;
    return editor?.document.getText(editor.selection) ?? '';
  }

  async function check(editor: TextEditor, uri: string, className: string): Promise<void> {
    await commands.executeCommand('layerPeek.editRecipe', { uri, className });
    const { line } = editor.selection.start;
    equal(editor.document.lineAt(line).text, `# peek: ${selected()}`);
    match(editor.document.lineAt(line + 1).text, new RegExp(`^class ${className}\\b`));
    match(selected(), new RegExp(`^${className}\\(`));
  }

  for (const [name, text] of [
    ['LF', model],
    ['CRLF', model.replaceAll('\n', '\r\n')],
  ] as const) {
    test(`writes the recipe above the class and selects it, in a file with ${name} line ends`, async () => {
      const editor = await open(`recipe_${name}.py`, text);
      await check(editor, editor.document.uri.toString(), 'Tiny');
      equal(editor.document.isDirty, true);
    });
  }

  test('of the class at the cursor, where no lens was clicked', async () => {
    const editor = await open('recipe_cursor.py', model);
    const line = lineWith(editor.document, 'return self.fc');
    editor.selection = new Selection(line, 0, line, 0);
    await commands.executeCommand('layerPeek.editRecipe');
    equal(editor.document.lineAt(editor.selection.start.line).text, `# peek: ${selected()}`);
  });

  test('selects the recipe that is there already and changes nothing', async () => {
    const editor = await openExample('shape_mismatch.py');
    await check(editor, editor.document.uri.toString(), 'Classifier');
    equal(editor.document.isDirty, false);
  });
});
