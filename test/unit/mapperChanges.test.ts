/** What is being mapped while a file that it hangs on changes. */

import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { Mapper } from '../../server/src/source/mapper';
import { ModuleResolver } from '../../server/src/source/moduleResolver';
import { openNativeParser } from '../../server/src/syntax/nativeParser';
import { SourceReader } from '../../server/src/syntax/sourceReader';
import { DiskTree } from '../../server/src/workspace/diskTree';

const folder = path.join(import.meta.dirname, '..', '..', 'examples', 'segmenter');
const parser = await openNativeParser();
const resolver = new ModuleResolver(new DiskTree(), { searchPaths: () => [], workspaceFolders: () => [folder] });

test('a change that comes while a file is mapped is in the result', () => {
  const file = path.join(folder, 'encoder.py');
  const layers = path.join(folder, 'layers.py');
  const texts = new Map([file, layers].map((one) => [one, fs.readFileSync(one, 'utf8')]));
  const world = { text: (one: string) => texts.get(one) ?? null, isOpen: () => true, mayChange: () => true, resolver };
  const mapper = new Mapper(new SourceReader(parser), world);
  const steps = mapper.mapping(file);
  let step = steps.next();
  for (let count = 0; count < 2 && step.done !== true; count += 1) {
    step = steps.next();
  }
  expect(step.done).toBe(false);
  texts.set(layers, (texts.get(layers) ?? '').replace('class ConvNormAct(nn.Module)', 'class ConvNormAct'));
  mapper.changed(layers);
  while (step.done !== true) {
    step = steps.next();
  }
  expect(step.value).toEqual(new Mapper(new SourceReader(parser), world).map(file));
  expect(mapper.map(file)).toEqual(step.value);
});
