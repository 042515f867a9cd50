/** While a statement is being typed, all the rest of the file keeps its names and places. */

import { describe, expect, it } from 'vitest';
import type { ParsedFile } from '../../server/src/model/moduleClass';
import type { PythonParser } from '../../server/src/syntax/parser';
import { bindings, parsers } from './syntaxSetUp';
import { parseModule, TextMapper } from './textMapper';

const WHOLE = `import torch
import torch.nn as nn


class Half(nn.Module):
    def __init__(self, n=3):
        super().__init__()
        self.a = nn.Linear(n, 16)
        self.b = nn.Linear(16, 8)
        self.net = nn.Sequential(
            nn.Linear(8, 8),
            nn.Linear(8, 4),
        )
        self.d = nn.Linear(4, 4)

    def forward(self, x):
        """What it does."""
        x = self.a(x)
        if x.shape[0] > 1:
            x = self.b(x)
        for _ in range(3):
            x = self.d(x)
        return self.net(x)


class Whole(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Linear(4, 4)

    def forward(self, x):
        return self.c(x)
`;

/** Lines such as `Half`, `Half.b 9:9` and `Half.a() 18:13`: classes, definitions and calls of layers. */
function mapped(parsed: ParsedFile): string[] {
  return parsed.classes.flatMap(({ name, range, definitions, uses }) => [
    `${name} ${range.line}`,
    ...definitions.map((one) => `${name}.${one.pattern} ${one.range.line}:${one.range.column}`),
    ...uses.map((one) => `${name}.${one.pattern}() ${one.range.line}:${one.range.column}`),
  ]);
}

interface Typed {
  /** Text of WHOLE that is replaced by `typed`. */
  readonly from: string;
  readonly typed: string;
  /** What is not known while it is being typed. */
  readonly missing?: readonly string[];
}

const B = 'self.b = nn.Linear(16, 8)';
const WITHOUT_B = ['Half.b 9:9', 'Half.b() 20:17'];
const FIRST_CALL = 'x = self.a(x)';
const HALF = 'class Half(nn.Module):';
const FORWARD = 'def forward(self, x):\n        """What';
const TYPED: Readonly<Record<string, Typed>> = {
  'an open bracket': { from: B, typed: 'self.b = nn.Linear(16, ' },
  'an open bracket behind its name': { from: B, typed: 'self.b = nn.Linear(' },
  'an open bracket with a comment': { from: B, typed: 'self.b = nn.Linear(16,  # (the width' },
  'two open brackets': { from: B, typed: 'self.b = nn.Linear(max(16, 8)' },
  'brackets of several kinds': { from: B, typed: 'self.b = nn.Linear(*[16, {1: (2' },
  'a keyword without value': { from: B, typed: 'self.b = nn.Linear(16, out_features=' },
  'a keyword argument without name': { from: B, typed: 'self.b = nn.Linear(16, =3)' },
  'nonsense within an open bracket': { from: B, typed: 'self.b = nn.Linear(16 for ] in (' },
  'a quote': { from: B, typed: 'self.b = nn.Linear(16, "abc' },
  'a quote that takes the bracket in': { from: B, typed: "self.b = nn.Linear(16, 'abc)" },
  'an f-string': { from: B, typed: 'self.b = nn.Linear(16, f"a{n', missing: WITHOUT_B },
  'no operand': { from: B, typed: 'self.b = nn.Linear(16, 8 *' },
  'no value': { from: B, typed: 'self.b = ', missing: WITHOUT_B },
  'no name behind the dot': { from: B, typed: 'self.b = nn.', missing: WITHOUT_B },
  'a bracket of another kind closes': { from: B, typed: 'self.b = nn.Linear(*[max(16, 3], 8)' },
  'a bracket that is closed too often': { from: B, typed: 'self.b = nn.Linear(16, 8))' },
  'an item of several lines': { from: 'nn.Linear(8, 4),', typed: 'nn.Linear(8, ' },
  'a list whose end is missing': {
    from: 'nn.Linear(8, 4),\n        )',
    typed: 'nn.Linear(8, 4),\n         ',
  },
  'the last statement of a method': { from: 'self.d = nn.Linear(4, 4)', typed: 'self.d = nn.Linear(4, ' },
  'the last statement of the file': { from: 'return self.c(x)', typed: 'return self.c(' },
  'the only statement of a block': { from: 'x = self.b(x)', typed: 'x = self.b(' },
  'a call in forward': { from: FIRST_CALL, typed: 'x = self.a(x, ' },
  'a bracket in a condition': { from: 'if x.shape[0] > 1:', typed: 'if x.shape[0' },
  'a condition without colon': { from: 'if x.shape[0] > 1:', typed: 'if x.shape[0] >' },
  'a loop without colon': { from: 'for _ in range(3):', typed: 'for _ in range(3' },
  'a loop over nothing yet': { from: 'for _ in range(3):', typed: 'for _ in ' },
  parameters: { from: FORWARD, typed: 'def forward(self, x\n        """What' },
  'parameters up to a comma': { from: FORWARD, typed: 'def forward(self, x, \n        """What' },
  'an annotation': { from: FORWARD, typed: 'def forward(self, x: \n        """What' },
  'a parameter that is nonsense': { from: FORWARD, typed: 'def forward(self, x=) 3 (:\n        """What' },
  'no colon': { from: FORWARD, typed: 'def forward(self, x)\n        """What' },
  bases: { from: HALF, typed: 'class Half(nn.Module' },
  'bases up to a comma': { from: HALF, typed: 'class Half(nn.Module, ' },
  'bases without colon': { from: HALF, typed: 'class Half(nn.Module)' },
  'an import': { from: 'import torch\n', typed: 'from torch import (\n' },
  'a second class': { from: 'class Whole(nn.Module):', typed: 'class Whole(nn.Module' },
};

describe.each(bindings)('%s', (binding) => {
  const parser: PythonParser = parsers[binding];
  const whole = mapped(parseModule(parser, WHOLE));

  it('the text is what the cases are about', () => {
    expect(whole).toContain('Half.net.1 12:13');
    expect(whole).toContain('Half.a() 18:13');
    expect(whole).toContain('Whole.c() 32:16');
  });

  it.each(Object.entries(TYPED))('%s', (_name, { from, typed, missing = [] }) => {
    expect(WHOLE).toContain(from);
    const text = WHOLE.replace(from, () => typed);
    expect(mapped(parseModule(parser, text))).toEqual(whole.filter((one) => !missing.includes(one)));
    const crlf = text.replaceAll('\n', '\r\n');
    expect(mapped(parseModule(parser, crlf))).toEqual(mapped(parseModule(parser, text)));
  });

  it.each([
    'self.q = foo(1, ',
    'self.q = ',
    'self.',
    'print("',
    'if self.b(',
    'y = [self.b(x) for',
    'assert (x',
    '@',
    'def inner(',
    'class Inner(',
    'lambda',
    'return {',
    'with (',
  ])('%s as a new line, at every letter, takes no name away', (line) => {
    for (let length = 1; length <= line.length; length += 1) {
      const text = WHOLE.replace(FIRST_CALL, () => `${FIRST_CALL}\n        ${line.slice(0, length)}`);
      const found = mapped(parseModule(parser, text));
      const moved = whole.map((one) =>
        one.replace(/ (\d+)/, (_all, at: string) => ` ${Number(at) > 18 ? Number(at) + 1 : at}`),
      );
      // What follows in the same method may belong to the new line; other methods and classes do not.
      const outside = moved.filter((one) => !/^Half\.\S+\(\) (?:19|2\d):/.test(one));
      expect([line.slice(0, length), outside.filter((one) => !found.includes(one))]).toEqual([
        line.slice(0, length),
        [],
      ]);
      expect(found.filter((one) => !moved.includes(one) && !/^Half\.\S+\(\) 19:|Inner/.test(one))).toEqual([]);
    }
  });

  it('the place of a statement ends where its text ends', () => {
    const text = WHOLE.replace(B, 'self.b = nn.Linear(16,   # width');
    const [definition] = parseModule(parser, text).classes[0]?.definitions.filter((one) => one.pattern === 'b') ?? [];
    expect(definition?.range).toEqual({ line: 9, endLine: 9, column: 9, endColumn: 31 });
  });

  it('a directive behind an unfinished header keeps its place', () => {
    const typed = 'class Half(nn.Module  # peek: Half()(x)';
    const [directive] = parseModule(parser, WHOLE.replace(HALF, typed)).directives;
    expect(directive).toMatchObject({
      className: 'Half',
      expression: 'Half()(x)',
      range: { column: 23, endColumn: 40 },
    });
  });

  it('brackets that are only laid out oddly stay as they are', () => {
    const odd = 'self.b = nn.Sequential(\nnn.Linear(16, 8),\n*[nn.Linear(8, 8)\nfor _ in range(2)\nif True],\n)';
    const broken = WHOLE.replace(B, odd).replace('return self.c(x)', 'return self.c(x))');
    const found = mapped(parseModule(parser, broken));
    expect(found).toEqual(mapped(parseModule(parser, WHOLE.replace(B, odd))));
  });

  it('strings that go on in the next line stay as they are', () => {
    const joined = "self.b = nn.Linear(16, len('(\\\n[\\\n'))";
    const broken = WHOLE.replace(B, () => joined).replace('return self.c(x)', 'return self.c(x');
    expect(mapped(parseModule(parser, broken))).toEqual(
      mapped(
        parseModule(
          parser,
          WHOLE.replace(B, () => joined),
        ),
      ),
    );
  });

  it('typing letter by letter gives what a fresh parse gives', () => {
    const mapper = new TextMapper(parser);
    for (let length = 0; length <= B.length; length += 1) {
      const text = WHOLE.replace(B, B.slice(0, length));
      const found = mapper.map(text);
      expect(found).toEqual(parseModule(parser, text));
      expect(mapped(found).filter((one) => !one.startsWith('Half.b'))).toEqual(
        whole.filter((one) => !one.startsWith('Half.b')),
      );
    }
  });

  it.each([
    ['open brackets', '    x = f((\n'.repeat(5_000)],
    ['brackets within brackets', `    x = ${'('.repeat(5_000)}\n`],
    ['closing brackets', `    x = ${')'.repeat(200_000)}\n`],
    ['wrong brackets', `    x = ${'([)'.repeat(500)}\n`],
    ['backslashes', `    x = '${'\\'.repeat(200_000)} \n`],
    ['quotes', `    x = f('\n`.repeat(5_000)],
    ['operators', `    x = ${'- '.repeat(20_000)}\n`],
  ])('many %s end soon', (_name, body) => {
    const text = `class A(nn.Module):\n${body}`;
    const started = performance.now();
    parseModule(parser, text);
    expect(performance.now() - started).toBeLessThan(4_000);
  });
});
