/** The side bar "Layers" and the status bar in a real window. */

import { expect, test } from 'vitest';
import type { EditorWindow } from '../host/editorWindow.mjs';
import { until } from '../host/limits.mjs';
import { examplesHost } from './window';

const LIMIT_MS = 30_000;
const open = examplesHost();

/** Waits until the selected row of the view reads so. */
function selectedRow(window: EditorWindow, text: string): Promise<string | undefined> {
  const selected = window.page.locator('.pane-body .monaco-list-row.selected');
  const read = async () => (await selected.allInnerTexts()).find((row) => row.includes(text));
  return until(`the row ${text} to be selected`, read, LIMIT_MS);
}

/** A row of the view; `text` is what its label starts with. */
function row(window: EditorWindow, text: string) {
  return window.page.locator('.pane-body .monaco-list-row', { hasText: new RegExp(`^\\s*${text}`) }).first();
}

function statusBar(window: EditorWindow, text: string | RegExp) {
  return window.page.locator('.statusbar-item', { hasText: text }).first();
}

test('the selected row follows the cursor, and a click on a row moves the cursor', () =>
  open('simple_model.py', async (window) => {
    await window.openLayers();
    await window.layerRow('SimpleModel');
    await window.page.locator('.view-line', { hasText: 'self.fc1 =' }).first().click();
    await selectedRow(window, 'fc1');
    await row(window, 'conv1').click();
    await statusBar(window, 'Ln 11, Col 9').waitFor();
  }));

test('the action of a row captures its layer', () =>
  open('simple_model.py', async (window) => {
    await window.openLayers();
    await row(window, 'fc1').hover();
    await row(window, 'fc1').locator('.action-label[aria-label^="Capture Output"]').click();
    await window.layerRow('fc1', '[1, 10]');
  }));

test('the command captures the class that the cursor is in', () =>
  open('simple_model.py', async (window) => {
    await window.openLayers();
    await window.page.locator('.view-line', { hasText: 'return self.fc1' }).first().click();
    await window.command('Layer Peek: Capture All Outputs');
    await window.layerRow('conv1', '[1, 16, 6, 6]');
  }));

test('a file without a module class says what the view is for', () =>
  open('simple_model.py', async (window) => {
    await window.openLayers();
    await window.page.locator('.view-line', { hasText: 'self.fc1 =' }).first().click();
    await window.page.keyboard.press('ControlOrMeta+A');
    await window.page.keyboard.press('Delete');
    await window.page.getByText('This file has no module class.').waitFor();
  }));

test('the status bar names the interpreter and offers others', () =>
  open('simple_model.py', async (window) => {
    await statusBar(window, /torch \d/).click();
    const choices = window.page.locator('.quick-input-list .monaco-list-row');
    await choices.filter({ hasText: 'Enter interpreter path' }).waitFor();
    expect(await choices.first().innerText()).toContain('torch');
  }));
