/** The stand-in for the desktop `code`: what @vscode/test-electron passes, and what the tests print. */

import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { consoleLine } from '../../host/consoleFormat.mjs';
import { parseLauncherArguments } from '../../host/launcherArguments.mjs';

test('flags of a desktop are understood or passed over', () => {
  const argv = [
    '--no-sandbox',
    'folder',
    '--user-data-dir=nowhere',
    '--disable-workspace-trust',
    '--extensionDevelopmentPath=a',
    '--extensionTestsPath=t.js',
  ];
  expect(parseLauncherArguments(argv)).toEqual({
    developmentPaths: [path.resolve('a')],
    testsPath: path.resolve('t.js'),
    folder: path.resolve('folder'),
    settings: {},
    restricted: false,
  });
});

test('without tests to run it refuses', () => {
  expect(() => parseLauncherArguments(['folder'])).toThrow('--extensionTestsPath');
});

describe('a line of the console', () => {
  const check = (args: unknown[], expected: string) => expect(consoleLine(args)).toBe(expected);

  test('has its values in place', () => check(['%d of %s', 2, 'three', 'more'], '2 of three more'));
  test('has no styles', () => check(['%cred%c %s', 'color: red', '', 'text'], 'red text'));
  test('may be no text', () => check([{ a: 1 }], '{ a: 1 }'));
});
