/** Which Python runs the user's code: the setting, the Python extension's, the workspace's own environment, else `python3` on PATH. */

import fs from 'node:fs';
import path from 'node:path';
import type { Interpreter } from '../protocol/clientMessages';

export interface InterpreterQuestion {
  /** Folder of the file that is to run. */
  readonly folder: string;
  readonly workspaceRoot: string | null;
  /** The setting `layerPeek.python.path`, empty where unset. */
  readonly configured: string;
  readonly pythonExtension: string | null;
}

/** All interpreters that could serve, the one to use first. */
export function findInterpreters(question: InterpreterQuestion): Interpreter[] {
  const found: Interpreter[] = [];
  const add = (candidate: string | null, source: Interpreter['source']): void => {
    if (candidate !== null && !found.some((one) => one.path === candidate)) {
      found.push({ path: candidate, source, python: null, torch: null, problem: null });
    }
  };
  if (question.configured !== '') {
    add(expand(question.configured, question.workspaceRoot), 'setting');
  }
  add(question.pythonExtension, 'pythonExtension');
  for (const folder of foldersUpTo(question.folder, question.workspaceRoot)) {
    for (const name of ['.venv', 'venv']) {
      add(pythonIn(path.join(folder, name)), 'workspaceVenv');
    }
  }
  for (const name of process.platform === 'win32' ? ['python.exe', 'py.exe'] : ['python3', 'python']) {
    add(onPath(name), 'path');
  }
  return found;
}

/** `~` and `${workspaceFolder}` are understood, as in other extensions' path settings; a relative path is the workspace's. */
function expand(configured: string, workspaceRoot: string | null): string {
  const home = configured.replace(/^~(?=$|[\\/])/, process.env.HOME ?? process.env.USERPROFILE ?? '~');
  // biome-ignore lint/suspicious/noTemplateCurlyInString: VS Code's own variable stands in the setting as this text.
  const full = home.replaceAll('${workspaceFolder}', workspaceRoot ?? '.');
  const isBareName = !/[\\/]/.test(full);
  if (isBareName) {
    return onPath(full) ?? full;
  }
  const absolute = path.resolve(workspaceRoot ?? '.', full);
  return pythonIn(absolute) ?? absolute;
}

function foldersUpTo(folder: string, root: string | null): string[] {
  const folders: string[] = [];
  let here = path.resolve(folder);
  const top = root === null ? here : path.resolve(root);
  while (here.startsWith(top)) {
    folders.push(here);
    const parent = path.dirname(here);
    if (here === top || parent === here) {
      break;
    }
    here = parent;
  }
  return folders;
}

/** The interpreter of an environment folder, null where the folder is none. */
function pythonIn(folder: string): string | null {
  const candidate =
    process.platform === 'win32' ? path.join(folder, 'Scripts', 'python.exe') : path.join(folder, 'bin', 'python');
  return fs.existsSync(candidate) ? candidate : null;
}

function onPath(name: string): string | null {
  for (const folder of (process.env.PATH ?? '').split(path.delimiter)) {
    const candidate = path.join(folder, name);
    if (folder !== '' && fs.existsSync(candidate)) {
      return candidate;
    }
  }
  return null;
}
