import { expect, test } from 'vitest';
import { interpreterLabel } from '../../../client/src/interpreterLabel';
import type { Interpreter } from '../../../server/src/protocol/clientMessages';

const venv: Interpreter = {
  ...{
    path: '/project/.venv/bin/python',
    source: 'workspaceVenv',
    python: '3.11.7',
    torch: '2.13.0+cpu',
    problem: null,
  },
};

function check(interpreter: Interpreter | null, expected: string): void {
  expect(interpreterLabel(interpreter)).toBe(expected);
}

test('versions are shortened to what users call them', () => check(venv, 'Python 3.11 · torch 2.13'));
test('an interpreter without torch is named alone', () => check({ ...venv, torch: null }, 'Python 3.11'));
test('one that has not been started is named by its file', () =>
  check({ ...venv, python: null, torch: null }, 'python'));
test('none at all is said', () => check(null, 'No Python'));
