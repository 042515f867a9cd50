/** After any edits in any files of a package, what is known of each is what a mapper that starts then finds. */

import fs from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { expect, it, vi } from 'vitest';
import type { ParsedFile } from '../../server/src/model/moduleClass';
import { Mapper } from '../../server/src/source/mapper';
import { ModuleResolver } from '../../server/src/source/moduleResolver';
import { openNativeParser } from '../../server/src/syntax/nativeParser';
import { SourceReader } from '../../server/src/syntax/sourceReader';
import { DiskTree } from '../../server/src/workspace/diskTree';

vi.setConfig({ testTimeout: 120_000 });

const folder = path.join(import.meta.dirname, '..', '..', 'examples', 'segmenter');
const files = fs.readdirSync(folder).flatMap((name) => (name.endsWith('.py') ? [path.join(folder, name)] : []));
const parser = await openNativeParser();
const resolver = new ModuleResolver(new DiskTree(), { searchPaths: () => [], workspaceFolders: () => [folder] });

function mapperOf(texts: ReadonlyMap<string, string>): Mapper {
  return new Mapper(new SourceReader(parser), {
    text: (file) => texts.get(file) ?? null,
    isOpen: () => true,
    mayChange: () => true,
    resolver,
  });
}

function mapAll(mapper: Mapper): Map<string, ParsedFile | null> {
  return new Map(files.map((file) => [file, mapper.map(file)]));
}

const pieces = fc.constantFrom(
  '',
  '\n',
  '"""',
  '(',
  'Encoder',
  'ConvNormAct',
  'self.extra = nn.Linear(1, 1)\n',
  'from .layers import *\n',
  'from .encoder import Encoder as ConvNormAct\n',
  'ConvNormAct = SqueezeExcite\n',
  'class Encoder(ConvNormAct):\n    pass\n',
  'def pointwise(a, b):\n    return nn.Sequential(nn.Conv2d(a, b, 1), ConvNormAct(a, b))\n',
);
/** At the beginning of a line, where a whole statement may come to stand, or anywhere. */
const edit = fc.record({
  file: fc.nat(files.length - 1),
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  atLine: fc.boolean(),
  length: fc.nat(40),
  text: pieces,
});

function apply(text: string, one: { at: number; atLine: boolean; length: number; text: string }): string {
  const offset = Math.floor(one.at * text.length);
  const start = one.atLine ? text.lastIndexOf('\n', offset) + 1 : offset;
  return text.slice(0, start) + one.text + text.slice(start + one.length);
}

it('the result does not hang on the order of edits and of questions', () => {
  fc.assert(
    fc.property(fc.array(edit, { minLength: 1, maxLength: 8 }), fc.boolean(), (edits, askBetween) => {
      const texts = new Map(files.map((file) => [file, fs.readFileSync(file, 'utf8')]));
      const mapper = mapperOf(texts);
      mapAll(mapper);
      for (const one of edits) {
        const file = files[one.file] ?? '';
        texts.set(file, apply(texts.get(file) ?? '', one));
        mapper.changed(file);
        if (askBetween) {
          mapAll(mapper);
        }
      }
      expect(mapAll(mapper)).toEqual(mapAll(mapperOf(texts)));
    }),
    { numRuns: 300 },
  );
});
