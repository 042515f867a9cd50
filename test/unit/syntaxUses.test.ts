import { expect, it } from 'vitest';
import { classNamed, moduleWith, parsePython } from './parsePython';

const layers = `self.conv = nn.Conv2d(1, 1, 1)
self.blocks = nn.ModuleList([nn.Linear(1, 1) for _ in range(n)])
self.heads = nn.ModuleDict({"a": nn.Linear(1, 1), "b": nn.Linear(1, 1)})
self.pairs = nn.ModuleList([nn.ModuleList([nn.Linear(1, 1), nn.ReLU()]) for _ in range(n)])
self.seq = nn.Sequential(nn.Linear(1, 1), nn.ReLU())
self.size = n`;

/** Called layers as `line:pattern text`, the line counted within forward. */
function check(forward: string, expected: string[]): void {
  const text = moduleWith(layers, forward);
  const first = text.slice(0, text.indexOf('def forward')).split('\n').length;
  const lines = text.split('\n');
  const { uses } = classNamed(parsePython(text), 'Net');
  const found = uses.map(({ pattern, range }) => {
    const line = lines[range.line - 1] ?? '';
    const end = range.endLine === range.line ? range.endColumn - 1 : line.length;
    return `${range.line - first} ${pattern} ${line.slice(range.column - 1, end)}`;
  });
  expect(found).toEqual(expected);
}

it('calls on self, nested ones with their own ranges', () =>
  check('return torch.relu(self.conv(self.seq(x)))', ['1 conv self.conv(self.seq(x))', '1 seq self.seq(x)']));

it('indices and keys', () =>
  check('x = self.blocks[0](x)\nx = self.blocks[i](x)\nx = self.heads["a"](x)\nreturn self.pairs[0][1](x)', [
    '1 blocks.0 self.blocks[0](x)',
    '2 blocks.* self.blocks[i](x)',
    '3 heads.a self.heads["a"](x)',
    '4 pairs.0.1 self.pairs[0][1](x)',
  ]));

it('loops over containers', () =>
  check(
    'for block in self.blocks:\n    x = block(x)\nfor i, block in enumerate(self.blocks):\n    x = block(x)\nfor name, head in self.heads.items():\n    x = head(x)\nfor a, b in self.pairs:\n    x = b(a(x))\nreturn [f(x) for f in self.blocks]',
    [
      '2 blocks.* block(x)',
      '4 blocks.* block(x)',
      '6 heads.* head(x)',
      '8 pairs.*.* b(a(x))',
      '8 pairs.*.* a(x)',
      '9 blocks.* f(x)',
    ],
  ));

it('zip, aliases, getattr, conditions, arguments', () =>
  check(
    'for a, b in zip(self.blocks, self.pairs):\n    x = a(x)\nlayer = self.conv\nx = layer(x)\nx = getattr(self, "conv")(x)\nif self.conv(x).sum() > 0:\n    return x + self.seq[0](x)\nreturn f(y=self.conv(x))',
    [
      '2 blocks.* a(x)',
      '4 conv layer(x)',
      '5 conv getattr(self, "conv")(x)',
      '6 conv self.conv(x)',
      '7 seq.0 self.seq[0](x)',
      '8 conv self.conv(x)',
    ],
  ));

it('methods, attributes that are no layers, and methods of layers are none', () =>
  check('self.helper(x)\nself.size.view(x)\nself.conv.weight.sum()\nself.unknown(x)\nreturn self.conv.to(x)', []));

it('ranges behind characters of two code units', () => check('y = "🎉"; return self.conv(x)', ['1 conv self.conv(x)']));
