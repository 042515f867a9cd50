import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { recipeFor } from '../../server/src/recipe/plannedRecipe';
import { compressPaths } from '../../server/src/render/layerPattern';
import { composePaths } from '../../server/src/source/composePaths';
import { mapDocument } from '../../server/src/source/mapDocument';
import { rootClasses } from '../../server/src/source/rootClasses';
import { parsePython } from './parsePython';

const examples = path.join(import.meta.dirname, '..', '..', 'examples');
const fixtures = path.join(import.meta.dirname, '..', 'fixtures', 'python');

function parse(folder: string, name: string) {
  return parsePython(fs.readFileSync(path.join(folder, name), 'utf8'));
}

/** Where a class is found, as shown to the user. */
function check(folder: string, file: string, className: string, expected: string[]): void {
  expect(compressPaths(composePaths(parse(folder, file)).get(className) ?? [])).toEqual(expected);
}

describe('paths of a class from the roots of its file', () => {
  test('a root', () => check(examples, 'resnet.py', 'ResNet', ['']));
  test('blocks passed in as a class', () =>
    check(examples, 'resnet.py', 'BasicBlock', ['layer{1..4}.0', 'layer{1..4}.*']));
  test('blocks in a comprehension', () => check(examples, 'tiny_gpt.py', 'Block', ['blocks.*']));
  test('two levels down', () => check(examples, 'tiny_gpt.py', 'CausalSelfAttention', ['blocks.*.attn']));
  test('passed through another module', () => check(fixtures, 'helpers.py', 'Attention', ['layers.*.0.fn']));
  test('a base is found where its subclasses are', () =>
    check(fixtures, 'helpers.py', 'Block', ['block', 'layer{1,2}.0', 'layer{1,2}.*']));
});

const part = (name: string, body: string, bases = 'nn.Module', forward = true): string =>
  `class ${name}(${bases}):\n    def __init__(self):\n        super().__init__()\n        ${body}\n${forward ? '\n    def forward(self, x):\n        return x\n' : ''}\n`;

describe('roots', () => {
  const names = (text: string) => rootClasses(parsePython(`import torch.nn as nn\n${text}`)).map((one) => one.name);

  it('are the classes that no other one builds', () =>
    expect(names(part('A', 'self.x = nn.ReLU()') + part('B', 'self.a = A()') + part('C', 'self.a = A()'))).toEqual([
      'B',
      'C',
    ]));
  it('leave out bases that only their subclasses complete', () =>
    expect(names(part('Base', 'self.x = nn.ReLU()', 'nn.Module', false) + part('B', 'pass', 'Base'))).toEqual(['B']));
  it('keep bases that work alone', () =>
    expect(names(part('Base', 'self.x = nn.ReLU()') + part('B', 'pass', 'Base'))).toEqual(['Base', 'B']));
  it('are all classes where each holds another', () =>
    expect(names(part('A', 'self.x = B()') + part('B', 'self.x = A()'))).toEqual(['A', 'B']));

  it('of a part is the root that holds it', () => {
    const parsed = parse(examples, 'tiny_gpt.py');
    expect(recipeFor(parsed, 'CausalSelfAttention')?.className).toBe('TinyGPT');
    expect(recipeFor(parsed, 'TinyGPT')?.className).toBe('TinyGPT');
    expect(recipeFor(parsed, 'Unknown')).toBeNull();
  });
});

test('the document of the map command', () => {
  const parsed = parse(examples, 'simple_model.py');
  const [{ classes } = { classes: [] }] = mapDocument([{ file: '/x/simple_model.py', parsed }]).files;
  expect(classes).toEqual([
    {
      name: 'SimpleModel',
      line: 8,
      endLine: 17,
      definitions: [
        { pattern: 'conv1', line: 11, endLine: 11, column: 9, constructor: 'nn.Conv2d', certain: true },
        { pattern: 'fc1', line: 12, endLine: 12, column: 9, constructor: 'nn.Linear', certain: true },
      ],
    },
  ]);
});
