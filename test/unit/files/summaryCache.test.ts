/** Results kept between two starts, whatever happens to their file. */

import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { contentHash, SummaryCache } from '../../../server/src/workspace/summaryCache';
import { temporaryFolder } from './temporaryFolder';

const schema = z.object({ name: z.string(), lines: z.array(z.number()) });
type Summary = z.infer<typeof schema>;

const [one, two, three] = ['one', 'two', 'three'].map(contentHash) as [string, string, string];
const summary = (name: string): Summary => ({ name, lines: [1, 2] });

const open = (folder: string | null, format = '1', warnings: string[] = []) =>
  SummaryCache.open(folder, format, schema, (message) => warnings.push(message));

async function filled(names: readonly string[]): Promise<string> {
  const folder = path.join(temporaryFolder({}), 'made', 'on', 'need');
  const cache = await open(folder);
  for (const name of names) {
    cache.set(contentHash(name), summary(name));
  }
  await cache.save();
  return folder;
}

const fileIn = (folder: string): string => path.join(folder, fs.readdirSync(folder)[0] ?? '');

describe('a cache', () => {
  test('gives what was set, at once and at the next start', async () => {
    const folder = await filled(['one', 'zwei\tmit\nZeilenende "ü" \u2028']);
    const cache = await open(folder);
    expect(cache.get(one)).toEqual(summary('one'));
    expect(cache.get(contentHash('zwei\tmit\nZeilenende "ü" \u2028'))?.name).toBe('zwei\tmit\nZeilenende "ü" \u2028');
    cache.set(three, summary('three'));
    expect(cache.get(three)).toEqual(summary('three'));
    expect(cache.get(two)).toBe(null);
  });

  test('of another format is empty', async () => {
    expect((await open(await filled(['one']), '2')).get(one)).toBe(null);
  });

  test('drops what was not used', async () => {
    const folder = await filled(['one', 'two']);
    const second = await open(folder);
    second.get(one);
    await second.save();
    const third = await open(folder);
    expect([third.get(one)?.name, third.get(two)]).toEqual(['one', null]);
  });

  test('that is saved twice at once keeps the last state, and leaves no other file', async () => {
    const folder = await filled(['one']);
    const cache = await open(folder);
    cache.set(two, summary('two'));
    const first = cache.save();
    cache.set(three, summary('three'));
    await Promise.all([first, cache.save()]);
    const after = await open(folder);
    expect([after.get(two)?.name, after.get(three)?.name]).toEqual(['two', 'three']);
    expect(fs.readdirSync(folder)).toHaveLength(1);
  });

  test('is not written where nothing changed', async () => {
    const folder = await filled(['one']);
    const before = fs.statSync(fileIn(folder)).ino;
    const cache = await open(folder);
    cache.get(one);
    await cache.save();
    expect(fs.statSync(fileIn(folder)).ino).toBe(before);
  });

  test('without a folder lives in memory', async () => {
    const cache = await open(null);
    cache.set(one, summary('one'));
    await cache.save();
    expect(cache.get(one)).toEqual(summary('one'));
  });
});

describe('a damaged file', () => {
  test.for<[what: string, damage: (content: Buffer) => Buffer, left: (string | undefined)[]]>([
    ['cut off within the last entry', (content) => content.subarray(0, -10), ['one', undefined]],
    ['cut off before its last line end', (content) => content.subarray(0, -1), ['one', undefined]],
    ['cut off in its head', (content) => content.subarray(0, 5), [undefined, undefined]],
    ['empty', () => Buffer.alloc(0), [undefined, undefined]],
    ['random bytes', () => Buffer.from([0, 255, 10, 9, 10, 13, 10, 200, 9, 10]), [undefined, undefined]],
    ['an entry that is no JSON', (content) => replaced(content, '{"name":"one"', '{"name":one"'), [undefined, 'two']],
    ['an entry of another shape', (content) => replaced(content, '"name":"one"', '"name":10000'), [undefined, 'two']],
    ['a line without a tab', (content) => replaced(content, `${one}\t`, `${one} `), [undefined, 'two']],
    ['a byte turned over', (content) => replaced(content, two, two.replace(/./, '?')), ['one', undefined]],
  ])('%s costs only what is damaged, and is mended by the next save', async ([, damage, left]) => {
    const folder = await filled(['one', 'two']);
    fs.writeFileSync(fileIn(folder), damage(fs.readFileSync(fileIn(folder))));
    const cache = await open(folder);
    expect([cache.get(one)?.name, cache.get(two)?.name]).toEqual(left);
    cache.set(one, summary('one'));
    cache.set(two, summary('two'));
    await cache.save();
    const mended = await open(folder);
    expect([mended.get(one)?.name, mended.get(two)?.name]).toEqual(['one', 'two']);
  });
});

function replaced(content: Buffer, from: string, to: string): Buffer {
  const text = content.toString('latin1');
  expect(text).toContain(from);
  return Buffer.from(text.replace(from, to), 'latin1');
}

test('of two that write at once one wins, and the file is never torn', async () => {
  const folder = await filled([]);
  const caches = await Promise.all(Array.from({ length: 8 }, () => open(folder)));
  caches.forEach((cache, at) => {
    for (let entry = 0; entry < 200; entry += 1) {
      cache.set(contentHash(`${entry}`), { name: `${at}`, lines: Array.from({ length: 100 }, () => at) });
    }
  });
  await Promise.all(caches.map((cache) => cache.save()));
  const after = await open(folder);
  const names = Array.from({ length: 200 }, (_, entry) => after.get(contentHash(`${entry}`))?.name);
  expect(names.every((name) => name !== undefined && name === names[0])).toBe(true);
  expect(fs.readdirSync(folder)).toHaveLength(1);
});

test('a folder that can not be written is told once, and the cache works without', async () => {
  const warnings: string[] = [];
  const folder = path.join(temporaryFolder({ 'a-file': '' }), 'a-file', 'below');
  const cache = await open(folder, '1', warnings);
  for (const hash of [one, two]) {
    cache.set(hash, summary('x'));
    await cache.save();
  }
  expect(cache.get(one)).toEqual(summary('x'));
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toContain(folder);
});

test('the key of a text is its content', () => {
  expect(contentHash('a')).toBe(contentHash('a'));
  expect(contentHash('a')).not.toBe(contentHash('a\n'));
});
