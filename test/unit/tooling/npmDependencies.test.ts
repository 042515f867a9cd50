/** `npm ci` deletes `node_modules` first, so it must not run where that is a link into another checkout. */

import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { refuseLink } from '../../../scripts/setup/npmDependencies.mjs';
import { temporaryFolder } from '../files/temporaryFolder';

test('a link is refused, with what it leads to', () => {
  const folder = temporaryFolder({ 'main/node_modules/a/index.js': '' });
  const target = path.join(folder, 'main', 'node_modules');
  const link = path.join(folder, 'node_modules');
  // A junction needs no rights on Windows.
  fs.symlinkSync(target, link, 'junction');
  expect(() => refuseLink(link)).toThrow(`${link} is a symbolic link to ${target}`);
});

test.each(['a folder', 'nothing'])('%s is not', (kind) => {
  const folder = temporaryFolder(kind === 'nothing' ? {} : { 'node_modules/a/index.js': '' });
  expect(() => refuseLink(path.join(folder, 'node_modules'))).not.toThrow();
});
