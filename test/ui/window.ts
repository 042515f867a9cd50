/** A host with the packaged extension on a copy of the examples, for the tests of a file. */

import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, onTestFailed } from 'vitest';
import { examples, inCache, vsix } from '../../scripts/setup/paths.mjs';
import type { EditorWindow } from '../host/editorWindow.mjs';
import { type Host, startHost } from '../host/startHost.mjs';

/**
 * Starts one host for the file's tests. The function it gives opens a fresh window on an example, runs `use`, and closes the window;
 * a picture of a failed test is kept in `.cache/screenshots`.
 */
export function examplesHost(options: { restricted?: boolean } = {}) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'layer-peek-examples-'));
  let host: Host | undefined;

  beforeAll(async () => {
    const python = process.env.LAYER_PEEK_PYTHON;
    if (python === undefined) {
      throw new Error('LAYER_PEEK_PYTHON is not set.');
    }
    fs.cpSync(examples, folder, { recursive: true });
    host = await startHost({ folder, vsix, python, ...options });
  });
  afterAll(async () => {
    await host?.stop();
    fs.rmSync(folder, { recursive: true, force: true });
  });

  return async (file: string, use: (window: EditorWindow) => Promise<void>): Promise<void> => {
    const window = await host?.open(file);
    if (window === undefined) {
      throw new Error('The host did not start.');
    }
    onTestFailed(async ({ task }) => {
      await window.screenshot(inCache('screenshots', `failed ${task.name.replaceAll(/\W+/g, ' ')}.png`));
      await window.close();
    });
    await use(window);
    await window.close();
  };
}
