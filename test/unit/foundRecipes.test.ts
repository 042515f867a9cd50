/** Constructions and calls of a class that stand in code, with local names followed. */

import { describe, expect, test } from 'vitest';
import { likelyFirst, workspaceRecipes } from '../../server/src/recipe/workspaceRecipes';
import { Mapper, type PlacedRecipe } from '../../server/src/source/mapper';
import { ModuleResolver } from '../../server/src/source/moduleResolver';
import { openParser } from '../../server/src/syntax/openParser';
import { SourceReader } from '../../server/src/syntax/sourceReader';
import { MemoryTree } from './files/memoryTree';
import { wasmFiles } from './wasmFiles';

const parser = await openParser({ wasm: wasmFiles });
const MODEL = `import argparse
import torch
import torch.nn as nn

WIDTH = 8


class Config:
    size = 4


class Encoder(nn.Module):
    pass


class Net(nn.Module):
    def __init__(self, width, encoder=None):
        super().__init__()
        self.fc = nn.Linear(width, 2)

    def forward(self, x, y=None):
        return self.fc(x)
`;

function found(files: Record<string, string>): PlacedRecipe[] {
  const names = Object.keys(files);
  const options = { workspaceFolders: () => ['/w'], searchPaths: () => [] };
  const resolver = new ModuleResolver(new MemoryTree(names), options);
  const mapper = new Mapper(new SourceReader(parser), {
    text: (file) => files[file] ?? null,
    isOpen: () => true,
    mayChange: () => true,
    resolver,
  });
  return [...mapper.recipesOf({ file: '/w/model.py', className: 'Net' }, names)];
}

function inOwn(code: string): [string, boolean][] {
  return found({ '/w/model.py': `${MODEL}\n\n${code}` }).map((one) => [one.expression, one.calls]);
}

describe("in the class's own file", () => {
  const cases: { name: string; code: string; expected: [string, boolean][] }[] = [
    {
      name: 'the main block before a function that stands above it',
      code: 'def check():\n    Net(5)(torch.randn(1, 5))\n    Net(3)(torch.randn(1, 3))\n\n\nif __name__ == "__main__":\n    Net(3)(torch.randn(1, 3))\n',
      expected: [
        ['Net(3)(torch.randn(1, 3))', true],
        ['Net(3)', false],
        ['Net(5)(torch.randn(1, 5))', true],
        ['Net(5)', false],
      ],
    },
    {
      name: 'a main block with local variables',
      code: 'if __name__ == "__main__":\n    net = Net(width=3)\n    x = torch.randn(2, 3)\n    print(net(x).shape)\n',
      expected: [
        ['Net(width=3)', false],
        ['Net(width=3)(torch.randn(2, 3))', true],
      ],
    },
    {
      name: 'several assigned at once, one made of others',
      code: 'def demo():\n    b, w = 2, WIDTH\n    net = Net(w)\n    x, y = torch.zeros(b, w), torch.ones((b,))\n    return net(x, y=y)\n',
      expected: [
        ['Net(8)', false],
        ['Net(8)(torch.zeros(2, 8), y=torch.ones((2,)))', true],
      ],
    },
    {
      name: 'devices and modes are left out',
      code: 'device = "cuda"\nnet = Net(3).to(device).eval()\nnet = nn.DataParallel(net)\nnet(torch.randn(1, 3, device=device).cuda())\n',
      expected: [
        ['Net(3)', false],
        ['Net(3)(torch.randn(1, 3))', true],
      ],
    },
    {
      name: 'a conversion of the input is kept',
      code: 'Net(3)(torch.ones(1, 3).to(torch.float64))\n',
      expected: [
        ['Net(3)(torch.ones(1, 3).to(torch.float64))', true],
        ['Net(3)', false],
      ],
    },
    {
      name: 'what is not known ends it: a loop over data, an argument, a slice',
      code: 'def train(loader, width):\n    net = Net(4)\n    for x in loader:\n        net(x)\n    Net(width)(torch.randn(1, 2))\n    net(torch.randn(4, 4)[:2])\n',
      expected: [['Net(4)', false]],
    },
    {
      name: 'a later value goes before an earlier one',
      code: 'def f():\n    n = 1\n    n = 2\n    Net(n)\n    n += 1\n    Net(n)\n',
      expected: [['Net(2)', false]],
    },
    {
      name: 'what is changed after it was made is not followed, the model is',
      code: 'def f():\n    widths = [1]\n    widths.append(2)\n    Net(widths)\n    net = Net(2)\n    net.load_state_dict({})\n    net(torch.ones(2))\n',
      expected: [
        ['Net(2)', false],
        ['Net(2)(torch.ones(2))', true],
      ],
    },
    {
      name: 'what the file itself makes at its top stays a name',
      code: 'parser = argparse.ArgumentParser()\nopt = parser.parse_args()\nNet(opt.width)\n',
      expected: [['Net(opt.width)', false]],
    },
    {
      name: 'what a test asserts',
      code: 'def test_shape():\n    net = Net(width=7)\n    x = torch.randn(3, 4)\n    assert net(x).shape == (3, 2), "shape"\n    assert net(x) is not None\n',
      expected: [
        ['Net(width=7)', false],
        ['Net(width=7)(torch.randn(3, 4))', true],
      ],
    },
    {
      name: 'attributes that a test sets up',
      code: 'class TestNet:\n    def setUp(self):\n        self.net = Net(5)\n\n    def test(self):\n        self.net(torch.randn(1, 5))\n',
      expected: [
        ['Net(5)', false],
        ['Net(5)(torch.randn(1, 5))', true],
      ],
    },
    {
      name: 'another class inside',
      code: 'def f():\n    enc = Encoder()\n    Net(2, encoder=enc)(torch.rand([1, 2]))\n',
      expected: [
        ['Net(2, encoder=Encoder())(torch.rand([1, 2]))', true],
        ['Net(2, encoder=Encoder())', false],
      ],
    },
  ];
  test.each(cases)('$name', ({ code, expected }) => expect(inOwn(code)).toEqual(expected));
});

describe('in other files, by what they import', () => {
  const call = 'x = torch.randn(1, 3)\n';
  const cases: { name: string; code: string; expected: string[] }[] = [
    {
      name: 'the class',
      code: `import torch\nfrom model import Net\n${call}Net(3)(x)\n`,
      expected: ['Net(3)(torch.randn(1, 3))', 'Net(3)'],
    },
    {
      name: 'under another name',
      code: `import torch\nfrom model import Net as N, WIDTH as W\n${call}N(W)(x)\n`,
      expected: ['Net(WIDTH)(torch.randn(1, 3))', 'Net(WIDTH)'],
    },
    {
      name: 'its module',
      code: `import torch\nimport model\n${call}model.Net(3)(x)\n`,
      expected: ['Net(3)(torch.randn(1, 3))', 'Net(3)'],
    },
    {
      name: 'a name of torch by its own',
      code: 'from torch import randn\nimport torch.nn.functional as F\nfrom model import Net\nNet(3)(F.relu(randn(1, 3)))\n',
      expected: ['Net(3)(torch.nn.functional.relu(torch.randn(1, 3)))', 'Net(3)'],
    },
    {
      name: 'what the file of the class does not have',
      code: 'import numpy as np\nfrom model import Net\nNet(np.prod([1, 3]))\n',
      expected: [],
    },
    {
      name: 'another class of this name',
      code: 'import torch\nfrom other import Net\nNet(3)(torch.randn(1, 3))\n',
      expected: [],
    },
  ];
  test.each(cases)('$name', ({ code, expected }) => {
    const files = { '/w/model.py': MODEL, '/w/use.py': code };
    expect(found(files).map((one) => one.expression)).toEqual(expected);
  });
});

test('calls go before constructions, which are of use only where arguments are needed; likely files first', () => {
  const placed: PlacedRecipe[] = [
    { file: '/w/a.py', line: 3, expression: 'Net(3)', calls: false },
    { file: '/w/a.py', line: 4, expression: 'Net(3)(x)', calls: true },
  ];
  const shown = (file: string): string => file.slice(3);
  expect(workspaceRecipes(placed, true, shown, () => 0).map((one) => [one.expression, one.place])).toEqual([
    ['Net(3)(x)', 'a.py:4'],
    ['Net(3)', 'a.py:3'],
  ]);
  expect(workspaceRecipes(placed, false, shown, () => 0).map((one) => one.expression)).toEqual(['Net(3)(x)']);
  expect(likelyFirst(['/v/x.py', '/w/x.py', '/v/test_x.py', '/w/train.py'], '/w/model.py')).toEqual([
    '/w/train.py',
    '/w/x.py',
    '/v/test_x.py',
    '/v/x.py',
  ]);
});
