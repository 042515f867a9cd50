/**
 * The entry of every command in package.json: `node scripts/run.mjs <script> [arguments]`. It needs nothing installed. It brings the
 * Node and the npm dependencies that the tooling needs, then runs `scripts/<script>.mjs` with them.
 */

import { spawn } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import './setup/plainErrors.mjs';
import { toolingNode, withNodeFirst } from './setup/node.mjs';
import { npmDependencies } from './setup/npmDependencies.mjs';
import { inRoot } from './setup/paths.mjs';

const [script, ...args] = process.argv.slice(2);
if (!script) throw new Error('Usage: node scripts/run.mjs <script> [arguments]');

const node = await toolingNode();
const env = withNodeFirst(node);
await npmDependencies(env);

const plainErrors = pathToFileURL(inRoot('scripts', 'setup', 'plainErrors.mjs')).href;
const child = spawn(node, ['--import', plainErrors, inRoot('scripts', `${script}.mjs`), ...args], {
  stdio: 'inherit',
  env,
});
// A terminal sends Ctrl-C to both processes; this one waits for the other's orderly end.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => child.kill('SIGTERM'));
child.on('exit', (code) => {
  process.exitCode = code ?? 1;
});
