/**
 * The native tree-sitter. Its prebuilt Linux binary needs a newer C++ library (GCC 13) than many long-lived distributions have;
 * there it is compiled once, kept under `.cache/native`, and copied back after each `npm ci`.
 */

import fs from 'node:fs';
import path from 'node:path';
import { run, succeeds } from './command.mjs';
import { node24 } from './node.mjs';
import { inCache, inRoot } from './paths.mjs';
import { once, say } from './step.mjs';

const BUILT = inRoot('node_modules', 'tree-sitter', 'build', 'Release', 'tree_sitter_runtime_binding.node');

/**
 * The binary compiled on this machine, null where the prebuilt one serves or none can be compiled.
 * @returns {string | null}
 */
export function compiledTreeSitter() {
  const file = cached();
  return fs.existsSync(file) ? file : null;
}

/** Makes `require('tree-sitter')` work where that is possible; else says that WebAssembly is used. */
export async function treeSitter() {
  if (process.platform !== 'linux') return;
  const file = cached();
  if (fs.existsSync(file) && !fs.existsSync(BUILT)) copy(file, BUILT);
  if (await loads()) return;
  if (!(await succeeds('c++', ['--version'])) || !(await succeeds('make', ['--version']))) {
    say('tree-sitter: the native binary does not load here and there is no C++ compiler; WebAssembly is used');
    return;
  }
  await once({
    name: 'tree-sitter',
    version: path.basename(file),
    title: 'tree-sitter: compiling the native binary',
    present: () => fs.existsSync(file),
    work: () => compile(file),
  });
}

/** @param {string} file */
async function compile(file) {
  const { home, executable } = await node24();
  const env = {
    ...process.env,
    PATH: `${path.dirname(executable)}${path.delimiter}${process.env.PATH ?? ''}`,
    npm_config_nodedir: home,
    npm_config_jobs: 'max',
  };
  await run('npm', ['rebuild', 'tree-sitter', '--ignore-scripts=false'], { env });
  await run('strip', ['--strip-unneeded', BUILT]);
  copy(BUILT, file);
  // What else the compiler left is not needed and would be found before the binary by nobody.
  for (const entry of fs.readdirSync(path.dirname(BUILT))) {
    const left = path.join(path.dirname(BUILT), entry);
    if (left !== BUILT) fs.rmSync(left, { recursive: true, force: true });
  }
  if (!(await loads()))
    throw new Error('tree-sitter was compiled but does not load; remove .cache/native and run `npm run setup` again.');
}

/** Asked in a process of its own: a binary that does not load must not stay half-loaded in this one. */
const loads = () => succeeds(process.execPath, ['-e', "require('tree-sitter')"]);

function cached() {
  const version = JSON.parse(fs.readFileSync(inRoot('node_modules', 'tree-sitter', 'package.json'), 'utf8')).version;
  return inCache('native', `tree-sitter-${version}-${process.platform}-${process.arch}.node`);
}

/**
 * @param {string} from
 * @param {string} to
 */
function copy(from, to) {
  fs.mkdirSync(path.dirname(to), { recursive: true });
  fs.copyFileSync(from, to);
}
