import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { directivePlacement, directiveText } from '../../server/src/recipe/directive';
import { recipeFor } from '../../server/src/recipe/plannedRecipe';
import { parsePython } from './parsePython';

const examples = path.join(import.meta.dirname, '..', '..', 'examples');
const forward = '\n    def forward(self, x):\n        return x\n\n\n';

/** A module class with constructor parameters. */
function net(name: string, parameters: string, body = 'pass'): string {
  return `class ${name}(nn.Module):\n    def __init__(self${parameters === '' ? '' : `, ${parameters}`}):\n        super().__init__()\n        ${body}\n${forward}`;
}

/** Class that runs, expression or what is tried to build it, and why. */
function check(text: string, className: string | null, expected: [string, string | null, string[], string]): void {
  const recipe = recipeFor(parsePython(`import torch.nn as nn\n${text}`), className);
  expect(recipe === null ? null : [recipe.className, recipe.expression, recipe.construct, recipe.source]).toEqual(
    expected,
  );
}

const example = (name: string): string => fs.readFileSync(path.join(examples, name), 'utf8');

describe('where no class is named', () => {
  test('the only root', () =>
    check(example('simple_model.py'), null, ['SimpleModel', null, ['SimpleModel()'], 'defaults']));
  test('a factory builds what needs arguments', () =>
    check(example('resnet.py'), null, ['ResNet', null, ['resnet18()'], 'factory']));
  test('a directive gives model and call', () =>
    check(example('shape_mismatch.py'), null, [
      'Classifier',
      'Classifier()(torch.randn(1, 3, 32, 32))',
      [],
      'directive',
    ]));
  test('a root with a directive goes before others', () =>
    check(`# peek: A()(x)\n${net('A', '')}${net('B', '')}`, null, ['A', 'A()(x)', [], 'directive']));
  test('else the last that builds without arguments', () =>
    check(net('A', '') + net('B', 'n=3') + net('C', 'n'), null, ['B', null, ['B()'], 'defaults']));
});

describe('for a class', () => {
  test('a part is seen through the root that holds it', () =>
    check(example('resnet.py'), 'BasicBlock', ['ResNet', null, ['resnet18()'], 'factory']));
  test('its own directive goes first', () =>
    check(`# peek: A()(x)\n${net('A', '')}${net('B', '', 'self.a = A()')}`, 'A', ['A', 'A()(x)', [], 'directive']));
  test('the directive of the root that holds it', () =>
    check(`${net('A', 'n')}# peek: B()(x)\n${net('B', '', 'self.a = A(1)')}`, 'A', ['B', 'B()(x)', [], 'directive']));
  test('a configuration of the file', () =>
    check(
      `@dataclass\nclass Config:\n    width: int = 3\n\n\n${net('A', 'config: Config')}`.replace(
        '@',
        'from dataclasses import dataclass\n@',
      ),
      'A',
      ['A', null, ['A(Config())'], 'defaults'],
    ));
  test('a configuration that itself needs arguments is of no use', () =>
    check(`class Config:\n    def __init__(self, n):\n        self.n = n\n\n\n${net('A', 'config: Config')}`, 'A', [
      'A',
      null,
      ['A()'],
      'defaults',
    ]));
  test('the constructor is inherited', () =>
    check(`${net('A', 'n')}class B(A):${forward}`, 'B', ['B', null, ['B()'], 'defaults']));
  test('an unknown one has none', () => expect(recipeFor(parsePython(example('resnet.py')), 'Nothing')).toBeNull());
});

describe('a directive to be written', () => {
  const place = (text: string, name: string): (number | undefined)[] => {
    const found = directivePlacement(parsePython(`import torch.nn as nn\n${text}`), name);
    return [found?.line, found?.indentation, found?.existing?.range.line];
  };

  test('stands above the class', () => expect(place(net('A', ''), 'A')).toEqual([1, 0, undefined]));
  test('stands above decorators', () => expect(place(`@final\n${net('A', '')}`, 'A')).toEqual([1, 0, undefined]));
  test('is indented like a nested class', () =>
    expect(
      place(
        `class A(nn.Module):\n    class B(nn.Module):\n        def forward(self, x):\n            return x\n`,
        'A.B',
      ),
    ).toEqual([2, 4, undefined]));
  test('finds the one that is there', () => expect(place(`# peek: A()(x)\n${net('A', '')}`, 'A')).toEqual([2, 0, 2]));

  test('is read back as it was written', () => {
    const parsed = parsePython(`import torch.nn as nn\n${directiveText('A()(x)')}\n${net('A', '')}`);
    expect(recipeFor(parsed, 'A')?.expression).toBe('A()(x)');
  });
});
