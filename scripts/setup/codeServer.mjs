/** The embedded VS Code: the npm package code-server carries a complete VS Code server, which needs no desktop. */

import fs from 'node:fs';
import path from 'node:path';
import { run } from './command.mjs';
import { node24, withNodeFirst } from './node.mjs';
import { inCache } from './paths.mjs';
import { once } from './step.mjs';

const VERSION = '4.139.1';
/** Parts that nothing here uses, about half of the size. */
const UNUSED = [
  'node_modules/@github',
  'node_modules/@microsoft/mxc-sdk',
  'extensions/copilot',
  'extensions/mermaid-markdown-features',
];

/**
 * @typedef {object} CodeServer
 * @property {string} node the Node that runs it
 * @property {string} main its server's entry file
 */

/** Where the set-up puts the embedded VS Code; `test/host` reads it from the environment or from here. */
export const codeServerMain = inCache(
  'code-server',
  'node_modules',
  'code-server',
  'lib',
  'vscode',
  'out',
  'server-main.js',
);

/** @returns {Promise<CodeServer>} */
export async function codeServer() {
  const { executable } = await node24();
  const prefix = inCache('code-server');
  const inner = path.dirname(path.dirname(codeServerMain));
  const env = withNodeFirst(executable);
  await once({
    name: 'code-server',
    version: VERSION,
    title: `embedded VS Code (npm package code-server ${VERSION})`,
    present: () => fs.existsSync(codeServerMain),
    work: async () => {
      fs.rmSync(prefix, { recursive: true, force: true });
      fs.mkdirSync(prefix, { recursive: true });
      // An own package.json keeps npm from walking up to this repository's.
      fs.writeFileSync(path.join(prefix, 'package.json'), '{ "private": true }\n');
      await run('npm', ['install', '--no-save', '--ignore-scripts', `code-server@${VERSION}`], { cwd: prefix, env });
      await run('npm', ['install', '--omit=dev', '--ignore-scripts'], { cwd: inner, env });
      for (const part of UNUSED) fs.rmSync(path.join(inner, part), { recursive: true, force: true });
    },
  });
  return { node: executable, main: codeServerMain };
}
