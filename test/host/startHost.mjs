/** A whole editor: the embedded VS Code with the packaged extension installed, and a browser as its window. */

import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { launchBrowser } from './browser.mjs';
import { installExtension, startCodeServer } from './codeServer.mjs';
import { EditorWindow } from './editorWindow.mjs';

/** @typedef {{ width: number, height: number }} WindowSize in pixels */

/**
 * @typedef {object} HostOptions
 * @property {string} folder the workspace
 * @property {string | null} vsix installed before the start; null for none
 * @property {string} python interpreter, as the user's setting
 * @property {Record<string, unknown>} [settings] more user settings
 * @property {boolean} [restricted] Restricted Mode
 * @property {number} [port]
 */

/**
 * @typedef {object} Host
 * @property {(file: string) => string} address where a browser opens the workspace and a file of it
 * @property {(file: string, size?: WindowSize) => Promise<EditorWindow>} open a window on a file of the workspace
 * @property {() => string} log
 * @property {() => Promise<void>} stop closes the windows, ends every process and removes the host's folders
 */

/**
 * @param {HostOptions} options
 * @returns {Promise<Host>}
 */
export async function startHost({ folder, vsix, python, settings = {}, restricted = false, port }) {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), 'layer-peek-host-'));
  const dataFolder = path.join(home, 'data');
  const extensionsFolder = path.join(home, 'extensions');
  /** @type {(() => Promise<unknown> | void)[]} */
  const undo = [() => fs.rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })];
  const stop = async () => {
    const errors = [];
    while (undo.length > 0) {
      try {
        await undo.pop()?.();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw errors[0];
  };
  try {
    if (vsix) await installExtension({ vsix, dataFolder, extensionsFolder });
    const server = await startCodeServer({
      dataFolder,
      extensionsFolder,
      restricted,
      settings: { 'layerPeek.python.path': python, ...settings },
      ...(port === undefined ? {} : { port }),
    });
    undo.push(server.stop);
    /** @type {import('playwright-core').Browser | undefined} */
    let browser;
    const address = (/** @type {string} */ file) => {
      const payload = JSON.stringify([['openFile', server.uri(path.join(folder, file))]]);
      return `${server.address}/?${new URLSearchParams({ folder, payload })}`;
    };
    const open = async (/** @type {string} */ file, size = { width: 1280, height: 800 }) => {
      if (!browser) {
        browser = await launchBrowser();
        undo.push(() => browser?.close());
      }
      return EditorWindow.open(browser, address(file), size);
    };
    return { address, open, log: server.log, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
