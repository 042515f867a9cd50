/** The architecture page's file map names what there is, and all of it. */

import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const root = path.resolve(__dirname, '../..');
const page = fs.readFileSync(path.join(root, 'ARCHITECTURE.md'), 'utf8');
const rows = [...page.slice(page.indexOf('## File map')).matchAll(/^\| `(?<folder>[^`]+)` \|/gm)];
const folders = rows.map((row) => row.groups?.folder ?? '');

test('every folder of the map exists and holds something', () => {
  expect(folders.length).toBeGreaterThan(10);
  for (const folder of folders) {
    expect([folder, fs.readdirSync(path.join(root, folder)).length > 0]).toEqual([folder, true]);
  }
});

test('every folder with source of the product is in the map', () => {
  const found = ['client/src', 'server/src', 'python-helper/layer_peek', 'syntaxes'].flatMap(foldersWithSource);
  expect(found.filter((folder) => !folders.includes(folder))).toEqual([]);
});

function foldersWithSource(folder: string): string[] {
  const entries = fs.readdirSync(path.join(root, folder), { withFileTypes: true });
  const below = entries
    .filter((entry) => entry.isDirectory() && entry.name !== '__pycache__')
    .flatMap((entry) => foldersWithSource(`${folder}/${entry.name}`));
  return entries.some((entry) => entry.isFile()) ? [folder, ...below] : below;
}
