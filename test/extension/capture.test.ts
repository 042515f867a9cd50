/** What a click shows: a real helper runs the examples. */

import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { click, diagnosticOn, hintOn, hintsOn, hoverOn, lensOn, openExample, revert } from './editor';

suite('a capture', () => {
  teardown(revert);

  test('"Capture all outputs" shows the shapes at definitions and calls', async () => {
    const { document } = await openExample('simple_model.py');
    await click(await lensOn(document, 'class SimpleModel', 'Capture all outputs'));
    await hintOn(document, 'self.conv1 =', '[1, 16, 6, 6]');
    await hintOn(document, 'self.conv1(x)', '[1, 16, 6, 6]');
    await hintOn(document, 'self.fc1 =', '[1, 10]');
    await hintOn(document, 'x.view(', '[1, 576]');
  });

  test('the hover tells path, class, shapes and dtype', async () => {
    const { document } = await openExample('simple_model.py');
    await click(await lensOn(document, 'class SimpleModel', 'Capture all outputs'));
    await hintOn(document, 'self.conv1 =', '[1, 16, 6, 6]');
    const text = await hoverOn(document, 'self.conv1 =', 'conv1');
    for (const part of ['conv1', 'Conv2d', '[1, 3, 8, 8]', '[1, 16, 6, 6]', 'float32']) {
      assert.ok(text.includes(part), `the hover has no ${part}:\n${text}`);
    }
  });

  test('shapes turn stale when their lines change', async () => {
    const editor = await openExample('simple_model.py');
    const { document } = editor;
    await click(await lensOn(document, 'class SimpleModel', 'Capture all outputs'));
    await hintOn(document, 'self.conv1 =', '[1, 16, 6, 6]');
    const at = document.positionAt(document.getText().indexOf('16, 3, 1)'));
    await editor.edit((edit) => edit.replace(new vscode.Range(at, at.translate(0, 2)), '17'));
    await hintOn(document, 'self.conv1 =', '~ ');
  });

  test('"Capture output" on one line shows that layer only', async () => {
    const { document } = await openExample('tiny_gpt.py');
    await click(await lensOn(document, 'self.ln_1 =', 'Capture output'));
    await hintOn(document, 'self.ln_1 =', 'x4');
    assert.deepEqual(await hintsOn(document, 'self.ln_2 ='), []);
  });

  test('a failing forward keeps what ran and marks the failing call', async () => {
    const { document } = await openExample('shape_mismatch.py');
    await click(await lensOn(document, 'class Classifier', 'Capture all outputs'));
    await hintOn(document, 'self.features(x)', '[1, 8, 16, 16]');
    const diagnostic = await diagnosticOn(document, 'self.hidden(x)');
    assert.match(diagnostic.message, /mat1 and mat2 shapes cannot be multiplied/);
  });
});
