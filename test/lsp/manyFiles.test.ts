/** A package of several files: what a file's lines are called in the models of other files. */

import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { LanguageServer, lineOf, root, until } from './languageServer';

const folder = path.join(root, 'examples', 'segmenter');
const text = (name: string): string => fs.readFileSync(path.join(folder, name), 'utf8');

let server: LanguageServer;
beforeAll(async () => {
  server = await LanguageServer.start({ folder });
});
afterAll(() => server.stop());

/** Waits until the first lens on the line with `part` is the expected one. */
async function check(name: string, part: string, expected: string): Promise<void> {
  const uri = await server.open(path.join(folder, name));
  const line = lineOf(text(name), part);
  let seen: string | undefined;
  await until(async () => {
    seen = (await server.lenses(uri)).get(line)?.[0];
    return seen === expected;
  }, 10_000).catch(() => undefined);
  expect(seen).toBe(expected);
}

test.each([
  ['unet.py', 'self.up.append(', 'up.*'],
  ['encoder.py', 'self.stem = ', 'encoder.stem in Classifier, backbone.stem in UNet'],
  ['encoder.py', 'layers.append(', 'encoder.stages.*.{1,2} in Classifier, backbone.stages.*.{1,2} in UNet'],
  ['encoder.py', 'self.se = ', 'encoder.stages.*.{1,2}.se in Classifier, backbone.stages.*.{1,2}.se in UNet'],
])('%s: %s', check);

test('a part of models elsewhere is captured through the one that has a recipe', async () => {
  const uri = await server.open(path.join(folder, 'layers.py'));
  const source = text('layers.py');
  const line = lineOf(source, 'self.expand = ');
  await until(async () => (await server.lenses(uri)).get(line)?.[0]?.includes(' in UNet'));
  const outcome = await server.capture(uri, 'SqueezeExcite', line - 1);
  expect(outcome.status).toBe('ok');
  const hints = await server.hints(uri);
  expect(hints.get(line)).toMatch(/-> \[1, 32, 1, 1\] x2 \| \[1, 64, 1, 1\] x2/);
});

test('an edit of one file shows in the lenses of another', async () => {
  const uri = await server.open(path.join(folder, 'unet.py'));
  await check(
    'encoder.py',
    'self.conv2 = ',
    'encoder.stages.*.{1,2}.conv2 in Classifier, backbone.stages.*.{1,2}.conv2 in UNet',
  );
  await server.change(uri, text('unet.py').replace('self.backbone = Encoder', 'self.body = Encoder'));
  await check(
    'encoder.py',
    'self.conv2 = ',
    'encoder.stages.*.{1,2}.conv2 in Classifier, body.stages.*.{1,2}.conv2 in UNet',
  );
});
