/** Starts and stops the embedded VS Code's server, and installs extensions into it. */

import { execFile, spawn } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { codeServer } from '../../scripts/setup/codeServer.mjs';
import { freePort } from './freePort.mjs';
import { writeSettings } from './hostSettings.mjs';
import { until } from './limits.mjs';
import { kill, marked, newMark } from './processes.mjs';

const GUARD = path.join(path.dirname(fileURLToPath(import.meta.url)), 'guard.mjs');
const START_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 10_000;

/**
 * @typedef {object} ServerOptions
 * @property {string} dataFolder for settings and state; made where absent
 * @property {string} extensionsFolder
 * @property {Record<string, unknown>} [settings] user settings
 * @property {boolean} [restricted] open folders in Restricted Mode; trusted where absent
 * @property {boolean} [testDriver] let the page run an extension's tests; it also hides notifications
 * @property {Record<string, string>} [env] added to this process's environment
 * @property {number} [port] a free one where absent
 * @property {(text: string) => void} [onOutput]
 */

/**
 * @typedef {object} CodeServerProcess
 * @property {string} address where a browser opens it
 * @property {(file: string) => string} uri of a file as the editor names it
 * @property {() => string} log what the server printed
 * @property {() => Promise<void>} stop ends it and all it started; throws where something had to be killed one by one
 */

/**
 * @param {ServerOptions} options
 * @returns {Promise<CodeServerProcess>}
 */
export async function startCodeServer(options) {
  const { node, main } = await codeServer();
  // Settings that belong to a machine, such as the interpreter, are read from the second place.
  for (const place of ['User', 'Machine'])
    writeSettings(path.join(options.dataFolder, 'data', place), options.settings ?? {});
  const port = options.port ?? (await freePort());
  const mark = newMark();
  const child = spawn(node, [GUARD, main, ...flags(options, port)], {
    // Without a gallery the editor looks for extensions nowhere.
    env: { ...withoutEditorVariables(), EXTENSIONS_GALLERY: '{}', ...options.env, ...mark },
    stdio: 'pipe',
    // An own process group, so that the extension host goes with the server.
    detached: true,
  });
  let log = '';
  const add = (/** @type {unknown} */ chunk) => {
    log += chunk;
    options.onOutput?.(String(chunk));
  };
  child.stdout.on('data', add);
  child.stderr.on('data', add);
  const group = -(child.pid ?? 0);

  const stop = async () => {
    kill(group, 'SIGTERM');
    const over = () => child.exitCode !== null || child.signalCode !== null;
    await until('the editor to end', over, STOP_LIMIT_MS).catch(() => kill(group, 'SIGKILL'));
    kill(group, 'SIGKILL');
    await nothingLeft(mark);
  };
  try {
    await until(
      'the editor to start',
      () => {
        if (child.exitCode !== null) throw new Error(`The editor ended at once:\n${log}`);
        return log.includes('Extension host agent started');
      },
      START_LIMIT_MS,
    );
  } catch (error) {
    await stop();
    throw error;
  }
  const authority = `127.0.0.1:${port}`;
  return {
    address: `http://${authority}`,
    uri: (file) => `vscode-remote://${authority}${encodeURI(file)}`,
    log: () => log,
    stop,
  };
}

/**
 * Installs a VSIX file into the extensions folder, as a user does.
 * @param {{ vsix: string, dataFolder: string, extensionsFolder: string }} places
 */
export async function installExtension({ vsix, dataFolder, extensionsFolder }) {
  const { node, main } = await codeServer();
  const folders = ['--server-data-dir', dataFolder, '--extensions-dir', extensionsFolder];
  const args = [main, '--accept-server-license-terms', ...folders, '--install-extension', vsix];
  await promisify(execFile)(node, args, { env: withoutEditorVariables(), timeout: START_LIMIT_MS });
}

/**
 * @param {ServerOptions} options
 * @param {number} port
 */
function flags({ dataFolder, extensionsFolder, restricted = false, testDriver = false }, port) {
  return [
    ...['--host', '127.0.0.1', '--port', String(port), '--without-connection-token', '--accept-server-license-terms'],
    ...['--telemetry-level', 'off', '--server-data-dir', dataFolder, '--extensions-dir', extensionsFolder],
    ...(restricted ? [] : ['--disable-workspace-trust']),
    ...(testDriver ? ['--enable-smoke-test-driver'] : []),
  ];
}

/** This process may itself run in an editor's terminal, whose variables would mislead the one started here. */
function withoutEditorVariables() {
  const kept = Object.entries(process.env).filter(([name]) => !/^(VSCODE_|ELECTRON_)/.test(name));
  return Object.fromEntries(kept);
}

/** @param {Record<string, string>} mark */
async function nothingLeft(mark) {
  try {
    await until('the processes of the editor to end', () => marked(mark).length === 0, STOP_LIMIT_MS);
  } catch {
    const left = marked(mark);
    for (const { pid } of left) kill(pid, 'SIGKILL');
    throw new Error(
      `Processes outlived the editor:\n${left.map(({ pid, command }) => `  ${pid} ${command}`).join('\n')}`,
    );
  }
}
