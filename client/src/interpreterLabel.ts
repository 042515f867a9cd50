import { basename } from 'node:path';
import type { Interpreter } from '../../server/src/protocol/clientMessages';

const sources: Record<Interpreter['source'], string> = {
  setting: 'the setting layerPeek.python.path',
  pythonExtension: 'the Python extension',
  workspaceVenv: "the workspace's virtual environment",
  path: 'PATH',
};

/** One line for the status bar: `Python 3.11 · torch 2.13`, or the executable's name before it has been started. */
export function interpreterLabel(interpreter: Interpreter | null): string {
  if (interpreter === null) {
    return 'No Python';
  }
  const python = interpreter.python === null ? basename(interpreter.path) : `Python ${minor(interpreter.python)}`;
  const torch = interpreter.torch === null ? [] : [`torch ${minor(interpreter.torch)}`];
  return [python, ...torch].join(' · ');
}

/** Where the interpreter was found, in words. */
export function interpreterSource(interpreter: Interpreter): string {
  return sources[interpreter.source];
}

/** `2.13.0+cpu` -> `2.13`. */
function minor(version: string): string {
  return version.split('.').slice(0, 2).join('.');
}
