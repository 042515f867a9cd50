#!/usr/bin/env node
/**
 * Stands in for the desktop `code` that @vscode/test-electron starts: it takes the same flags, runs the tests in the embedded VS Code
 * and ends with the tests' exit code. It is the `vscodeExecutablePath` where no desktop can run.
 */

import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { launchBrowser } from './browser.mjs';
import { startCodeServer } from './codeServer.mjs';
import { consoleLine } from './consoleFormat.mjs';
import { parseLauncherArguments } from './launcherArguments.mjs';
import { within } from './limits.mjs';

const LIMIT_MS = 600_000;
const CLOSE_LIMIT_MS = 5_000;

/** @typedef {import('./launcherArguments.mjs').LauncherArguments} LauncherArguments */

/**
 * The page the window opens: the tests are asked for in its address.
 * @param {import('./codeServer.mjs').CodeServerProcess} server
 * @param {LauncherArguments} options
 */
function windowAddress(server, { developmentPaths, testsPath, folder }) {
  const payload = [
    ...developmentPaths.map((place) => ['extensionDevelopmentPath', server.uri(place)]),
    ['extensionTestsPath', server.uri(testsPath)],
    ['skipWelcome', 'true'],
  ];
  const query = new URLSearchParams(folder ? { folder } : { ew: 'true' });
  query.set('payload', JSON.stringify(payload));
  return `${server.address}/?${query}`;
}

/**
 * Opens the window and waits for the tests' exit code.
 * @param {import('playwright-core').Browser} browser
 * @param {string} address
 * @returns {Promise<number>}
 */
async function runInWindow(browser, address) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  return new Promise((resolve, reject) => {
    const start = async () => {
      // The editor's page calls these two by name.
      await page.exposeFunction('codeAutomationLog', (/** @type {string} */ type, /** @type {unknown[]} */ args) => {
        const line = consoleLine(args);
        if (isNoise(line)) return;
        (type === 'error' || type === 'warn' ? process.stderr : process.stdout).write(`${line}\n`);
      });
      await page.exposeFunction('codeAutomationExit', (/** @type {number} */ code) => resolve(code));
      page.on('crash', () => reject(new Error('The editor window crashed.')));
      await page.goto(address, { waitUntil: 'domcontentloaded' });
    };
    start().catch(reject);
  });
}

/** @param {LauncherArguments} options */
async function main(options) {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), 'layer-peek-launch-'));
  const server = await startCodeServer({
    dataFolder: path.join(home, 'data'),
    extensionsFolder: path.join(home, 'extensions'),
    settings: options.settings,
    restricted: options.restricted,
    testDriver: true,
    env: testVariables(),
  });
  const browser = await launchBrowser();
  try {
    return await within('the extension tests', runInWindow(browser, windowAddress(server, options)), LIMIT_MS);
  } catch (error) {
    process.stderr.write(`${server.log().slice(-4000)}\n`);
    throw error;
  } finally {
    await within('the browser to close', browser.close(), CLOSE_LIMIT_MS).catch((error) =>
      console.error(error.message),
    );
    await server.stop();
    fs.rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}

/**
 * What the embedded VS Code itself tells, again and again: its optional native parts are not compiled.
 * @param {string} line
 */
const isNoise = (line) =>
  /Could not locate the bindings file|Release.watchdog/.test(line) || line.startsWith('[AccountPolicyGate]');

/** The variable that carries a test configuration begins like those of the editor, which are left out. */
function testVariables() {
  const { VSCODE_TEST_OPTIONS: options } = process.env;
  return options === undefined ? {} : { VSCODE_TEST_OPTIONS: options };
}

for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) process.on(signal, () => process.exit(130));
main(parseLauncherArguments(process.argv.slice(2))).then(
  // The page and its sockets may still hold the loop; everything has been stopped.
  (code) => process.exit(code),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
