/** The installed extension in a real window: a user clicks a lens and sees shapes. */

import { expect, test } from 'vitest';
import { inCache } from '../../scripts/setup/paths.mjs';
import { examplesHost } from './window';

const open = examplesHost();

test('"Capture all outputs" puts shapes on the lines, in the hover and in the Layers view', () =>
  open('simple_model.py', async (window) => {
    await window.clickLens('Capture all outputs');
    await window.line('self.conv1 = nn.Conv2d(3, 16, 3, 1)', '[1, 16, 6, 6]');
    await window.line('F.relu(self.conv1(x))', '[1, 16, 6, 6]');
    await window.line('self.fc1(x)', '[1, 10]');
    const hover = await window.hover({ fragment: 'self.conv1 =', word: 'conv1', expected: 'float32' });
    expect(hover).toContain('[1, 16, 6, 6]');
    await window.openLayers();
    await window.layerRow('conv1', '[1, 16, 6, 6]');
    await window.screenshot(inCache('screenshots', 'capture all.png'));
  }));

test('"Capture output" shows the clicked layer', () =>
  open('simple_model.py', async (window) => {
    await window.clickLens('Capture output', 'fc1');
    await window.line('self.fc1 = nn.Linear', '[1, 10]');
  }));

test('lenses follow what is typed', () =>
  open('simple_model.py', async (window) => {
    await window.lens('fc1').waitFor();
    await window.typeAfter('self.fc1 =', '\nself.extra = nn.ReLU()');
    await window.lens('extra').waitFor();
  }));

test('a failing forward is told and what ran keeps its shapes', () =>
  open('shape_mismatch.py', async (window) => {
    await window.clickLens('Capture all outputs');
    await window.line('self.features(x)', '[1, 8, 16, 16]');
    await window.page.locator('.squiggly-error').first().waitFor();
    await window.screenshot(inCache('screenshots', 'failing forward.png'));
  }));
