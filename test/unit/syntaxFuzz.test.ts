import fc from 'fast-check';
import { expect, it, vi } from 'vitest';
import { bindings, parsers, texts } from './syntaxSetUp';
import { parseModule, TextMapper } from './textMapper';

vi.setConfig({ testTimeout: 60_000 });

const pieces = fc.constantFrom(
  '',
  '\n',
  '    ',
  '(',
  ')',
  ':',
  '"',
  "'",
  '"""',
  '#',
  '\\',
  'self.x = nn.Linear(1, 1)',
  'class A(nn.Module):',
  'é🎉',
  '\r\n',
  '\t',
  'for i in',
  '*',
  '{',
  '\u0000',
  '\ud800',
);
const edit = fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), length: fc.nat(60), text: pieces });

function apply(text: string, one: { at: number; length: number; text: string }): string {
  const start = Math.floor(one.at * text.length);
  return text.slice(0, start) + one.text + text.slice(start + one.length);
}

it.each(bindings)('%s: after any edits the result is that of a fresh parse', (binding) => {
  fc.assert(
    fc.property(fc.constantFrom(...texts), fc.array(edit, { minLength: 1, maxLength: 6 }), (text, edits) => {
      const mapper = new TextMapper(parsers[binding]);
      let now = text;
      mapper.map(now);
      for (const one of edits) {
        now = apply(now, one);
        expect(mapper.map(now)).toEqual(parseModule(parsers[binding], now));
      }
    }),
    { numRuns: 40 },
  );
});

it.each(bindings)('%s: a file cut off anywhere still parses, and keeps the classes before the cut', (binding) => {
  fc.assert(
    fc.property(fc.constantFrom(...texts), fc.double({ min: 0, max: 1, noNaN: true }), (text, at) => {
      const cut = text.slice(0, Math.floor(at * text.length));
      const whole = parseModule(parsers[binding], text);
      const lines = cut.split('\n').length;
      const before = whole.classes.filter((one) => one.range.endLine < lines - 2).map((one) => one.name);
      const found = parseModule(parsers[binding], cut).classes.map((one) => one.name);
      expect(before.filter((name) => !found.includes(name) && !name.startsWith('Mixin'))).toEqual([]);
    }),
    { numRuns: 60 },
  );
});

it('both bindings say the same of whole code', () => {
  fc.assert(
    fc.property(fc.constantFrom(...texts), edit, (text, one) => {
      const now = apply(text, one);
      // How the two builds of tree-sitter recover from an error may differ; each has to be right for itself.
      fc.pre(!parsers.native.parse(now).root.hasError);
      expect(parseModule(parsers.native, now)).toEqual(parseModule(parsers.wasm, now));
    }),
    { numRuns: 40 },
  );
});

it('code that calls itself without end, and huge literals, end soon', () => {
  const endless =
    'import torch.nn as nn\ndef f(n):\n    return [f(n), f(n), f(n)]\n\n\nclass A(nn.Module):\n    def __init__(self, n):\n        super().__init__()\n        self.a = A(n)\n        self.b = f(n)\n        self.c = self.make()\n\n    def make(self):\n        return nn.Sequential(self.make(), self.make(), A(self))\n\n    def forward(self, x):\n        return x\n';
  const deep = `class A(nn.Module):\n    x = ${'('.repeat(3000)}1${')'.repeat(3000)}\n    y = ${'1 + '.repeat(5000)}1\n`;
  const wide = `import torch.nn as nn\nTABLE = [${'[1, 2, 3], '.repeat(30_000)}]\nclass A(nn.Module):\n    def __init__(self):\n        for row in TABLE:\n            self.add_module(str(row), nn.Linear(1, 1))\n`;
  const started = performance.now();
  for (const text of [endless, deep, wide]) {
    expect(parseModule(parsers.wasm, text).classes.length).toBeLessThanOrEqual(1);
  }
  expect(performance.now() - started).toBeLessThan(10_000);
});
