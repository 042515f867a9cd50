/** "Go to Layer..." in a real window: typed, pasted, moved through, taken and left. */

import { expect, test } from 'vitest';
import type { EditorWindow } from '../host/editorWindow.mjs';
import { until } from '../host/limits.mjs';
import { examplesHost } from './window';

const LIMIT_MS = 30_000;
const open = examplesHost();

const input = (window: EditorWindow) => window.page.locator('.quick-input-widget:visible input.input');
const rows = (window: EditorWindow) => window.page.locator('.quick-input-list .monaco-list-row');

/** Opens the list; the first row then reads so. */
async function goToLayer(window: EditorWindow): Promise<void> {
  await window.openLayers();
  await window.command('Layer Peek: Go to Layer...');
  await input(window).and(window.page.locator('[placeholder*="layer path"]')).waitFor();
}

/** Waits until the first row's label and description read so, blanks left out. */
function firstRow(window: EditorWindow, label: string, description = ''): Promise<string | undefined> {
  const wanted = `${label}${description}`.replaceAll(' ', '');
  const read = async () => (await rows(window).allInnerTexts())[0]?.replaceAll(/\s+/g, '');
  return until(
    `the first row to begin with ${wanted}`,
    async () => ((await read())?.startsWith(wanted) === true ? wanted : undefined),
    LIMIT_MS,
  );
}

function cursor(window: EditorWindow, text: string) {
  return window.page.locator('.statusbar-item', { hasText: text }).first();
}

test('a pasted state_dict key goes to the line of its layer', () =>
  open('resnet.py', async (window) => {
    await goToLayer(window);
    await input(window).fill('module.layer1.0.conv1.weight');
    await firstRow(window, 'layer1.0.conv1', 'ResNet resnet.py:18');
    await window.page.keyboard.press('Enter');
    await cursor(window, 'Ln 18, Col 9').waitFor();
  }));

test('what print(model) wrote is found, and a name of some letters', () =>
  open('resnet.py', async (window) => {
    await goToLayer(window);
    await input(window).fill('  (fc): Linear(in_features=512, out_features=1000, bias=True)');
    await firstRow(window, 'fc', 'ResNet');
    await input(window).fill('ly4bn');
    await firstRow(window, 'layer4.');
    await input(window).fill('zzzz');
    await firstRow(window, 'No layer fits "zzzz"');
  }));

test('moving through the list shows the places, Escape goes back', () =>
  open('resnet.py', async (window) => {
    await window.page.locator('.view-line', { hasText: 'A ResNet-18' }).first().click();
    await goToLayer(window);
    await input(window).fill('ResNet fc');
    await firstRow(window, 'fc');
    const marked = window.page.locator('.view-overlays [class*="ced-"]').first();
    await marked.waitFor({ state: 'attached' });
    await window.page.keyboard.press('Escape');
    await cursor(window, 'Ln 1,').waitFor();
    await marked.waitFor({ state: 'detached' });
  }));

test('a place in another file is shown, and Escape leaves no tab of it', () =>
  open('simple_model.py', async (window) => {
    const tab = (name: string) => window.page.locator('.tabs-container .tab', { hasText: name });
    await goToLayer(window);
    await input(window).fill('layer1.0.conv1');
    await firstRow(window, 'layer1.0.conv1', 'ResNet resnet.py:18');
    await tab('resnet.py').waitFor();
    await window.page.keyboard.press('Escape');
    await tab('resnet.py').waitFor({ state: 'detached' });
    await window.line('class SimpleModel');
  }));

test('the string at the cursor is searched for at once', () =>
  open('simple_model.py', async (window) => {
    await window.typeAfter('return self.fc1', '\n\nSimpleModel().get_submodule("fc1');
    await window.page.keyboard.press('ArrowLeft');
    await goToLayer(window);
    await firstRow(window, 'fc1', 'SimpleModel');
    expect(await input(window).inputValue()).toBe('fc1');
  }));

test('the button of the Layers view opens it', () =>
  open('simple_model.py', async (window) => {
    await window.openLayers();
    await window.page.locator('.action-label[aria-label^="Go to Layer"]').first().click();
    await firstRow(window, 'conv1', 'SimpleModel');
  }));
