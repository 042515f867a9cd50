/** Runs compiled extension tests through @vscode/test-electron: in the embedded VS Code on Linux, else in a desktop one that it downloads. */

import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { runTests } from '@vscode/test-electron';
import { inCache } from '../../scripts/setup/paths.mjs';
import { writeSettings } from './hostSettings.mjs';

const LAUNCHER = path.join(path.dirname(fileURLToPath(import.meta.url)), 'codeLauncher.mjs');

/** Desktop tests need a screen and a download; `LAYER_PEEK_DESKTOP=1` asks for them on Linux too. */
const usesDesktop = () => process.platform !== 'linux' || process.env.LAYER_PEEK_DESKTOP === '1';

/**
 * @typedef {object} ExtensionTests
 * @property {string} extension folder of the extension under test
 * @property {string} tests compiled module that exports `run`
 * @property {string} workspace folder whose copy is opened
 * @property {Record<string, unknown>} settings user settings
 * @property {Record<string, string>} env for the tests
 */

/**
 * Resolves where all tests passed.
 * @param {ExtensionTests} options
 * @throws where a test failed or the editor did not run
 */
export async function runExtensionTests({ extension, tests, workspace, settings, env }) {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), 'layer-peek-tests-'));
  try {
    const folder = path.join(home, 'workspace');
    fs.cpSync(workspace, folder, { recursive: true });
    const user = path.join(home, 'user');
    writeSettings(path.join(user, 'User'), settings);
    await runTests({
      ...(usesDesktop() ? { cachePath: inCache('desktop', 'downloads') } : { vscodeExecutablePath: LAUNCHER }),
      extensionDevelopmentPath: extension,
      extensionTestsPath: tests,
      extensionTestsEnv: env,
      launchArgs: [folder, `--user-data-dir=${user}`, `--extensions-dir=${path.join(home, 'extensions')}`],
    });
  } finally {
    fs.rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}
