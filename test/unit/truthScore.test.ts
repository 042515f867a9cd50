/** The comparison of the truth report: which definitions count as naming a site. */

import { expect, test } from 'vitest';
import type { Mapped } from '../truth/mapped';
import { samePath } from '../truth/samePath';
import { score } from '../truth/score';
import type { Site, Truth } from '../truth/truthFile';

test.each([
  ['conv1', 'conv1', true],
  ['layers.*.attn', 'layers.*.attn', true],
  ['layers.0.attn', 'layers.*.attn', true],
  ['*', 'fire', true],
  ['block*', 'block12', true],
  ['block*', 'block', false],
  ['block*', 'norm1', false],
  ['layers.*', 'layers.*.attn', false],
  ['layers', 'layers.*', false],
  ['layerX1', 'layer.1', false],
])('the pattern %s for the path %s: %s', (pattern, path, same) => {
  expect(samePath(pattern, path)).toBe(same);
});

const site = (given: Partial<Site>): Site => ({
  kind: 'site',
  file: 'net.py',
  line: 20,
  endLine: 20,
  owner: ['net.py', 'Net'],
  path: 'body.*',
  form: 'Sequential(*)',
  insideTorch: false,
  moved: false,
  writers: [],
  built: [],
  items: [],
  model: 'Net()',
  ...given,
});

const definition = (given: Partial<Mapped>): Mapped => ({
  file: 'net.py',
  className: 'Net',
  classFile: 'net.py',
  pattern: 'body.*',
  line: 20,
  endLine: 20,
  certain: true,
  ...given,
});

function scored(one: Partial<Site>, mapped: Partial<Mapped>) {
  const truth: Truth = {
    corpus: 'sample',
    root: '/',
    models: [],
    classes: [{ kind: 'class', file: 'net.py', name: 'Net' }],
    sites: [site(one)],
  };
  const { recall, recallAtLine, certain } = score(truth, [definition(mapped)]);
  return { found: recall.hit, atLine: recallAtLine.hit, right: certain.hit, judged: certain.of };
}

test.each<[string, Partial<Site>, Partial<Mapped>, ReturnType<typeof scored>]>([
  ['at the registering line', {}, {}, { found: 1, atLine: 1, right: 1, judged: 1 }],
  ['within several lines', {}, { line: 18, endLine: 22 }, { found: 1, atLine: 1, right: 1, judged: 1 }],
  [
    'where the item was built',
    { items: [['net.py', 12, 12]] },
    { line: 12, endLine: 12 },
    { found: 1, atLine: 0, right: 1, judged: 1 },
  ],
  ['elsewhere', {}, { line: 30, endLine: 30 }, { found: 0, atLine: 0, right: 0, judged: 1 }],
  ['with another path', {}, { pattern: 'body' }, { found: 0, atLine: 0, right: 0, judged: 1 }],
  ['of a class that was not built', {}, { className: 'Other' }, { found: 0, atLine: 0, right: 0, judged: 0 }],
  [
    'in a function of another file',
    { file: 'parts.py', line: 3 },
    { file: 'parts.py', classFile: 'net.py', line: 3, endLine: 3 },
    { found: 1, atLine: 1, right: 1, judged: 1 },
  ],
  [
    'in the base that wrote the line',
    { owner: ['net.py', 'Sub'], writers: [['net.py', 'Net']] },
    {},
    { found: 1, atLine: 1, right: 1, judged: 1 },
  ],
])('a definition %s', (_, one, mapped, expected) => {
  expect(scored(one, mapped)).toEqual(expected);
});
