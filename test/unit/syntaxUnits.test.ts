import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { TreeCopier } from '../../server/src/syntax/copyTree';
import { directivesIn } from '../../server/src/syntax/directives';
import type { ReadableNode } from '../../server/src/syntax/parser';
import type { Expression, Statement } from '../../server/src/syntax/python/ast';
import type { SourceFile } from '../../server/src/syntax/sourceFile';
import { SourceReader } from '../../server/src/syntax/sourceReader';
import { splitUnits } from '../../server/src/syntax/splitUnits';
import { bindings, parsers, texts } from './syntaxSetUp';

vi.setConfig({ testTimeout: 60_000 });

/** Units as `kind name: text`, line breaks as `|`. */
function split(text: string): string[] {
  return splitUnits(text).units.map(
    (one) => `${one.kind}${one.name && ` ${one.name}`}: ${text.slice(one.start, one.end).replace(/\r\n|\r|\n/g, '|')}`,
  );
}

const cases: { name: string; text: string; units: string[] }[] = [
  { name: 'nothing', text: '', units: [] },
  { name: 'comments and blanks alone', text: '# a\n\n   \n\t# b\n', units: [] },
  {
    name: 'classes, functions and code between them',
    text: 'import a\n\nclass A:\n    x = 1\n\n\ndef f():\n    pass\n\nx = 1\ny = 2\n',
    units: ['code: import a', 'class A: class A:|    x = 1', 'function f: def f():|    pass', 'code: x = 1|y = 2'],
  },
  {
    name: 'decorators, several and over several lines',
    text: '@a\n@b(\n1,\n)\n# why\nclass A: pass\n@c\nasync def f(): pass\n',
    units: ['class A: @a|@b(|1,|)|# why|class A: pass', 'function f: @c|async def f(): pass'],
  },
  { name: 'a decorator of nothing', text: '@a\nx = 1\n', units: ['code: @a|x = 1'] },
  {
    name: 'statements with blocks stay together',
    text: 'if A:\n    class B: pass\nelse:\n    def f(): pass\ntry:\n    import x\nexcept E:\n    x = None\n',
    units: ['code: if A:|    class B: pass|else:|    def f(): pass|try:|    import x|except E:|    x = None'],
  },
  {
    name: 'comments in the first column belong to what they stand within, or to nothing',
    text: '# top\nclass A:\n    a = 1\n# within\n    b = 2\n    # end\n\n# between\ndef f(): pass  # f\n# last',
    units: ['class A: class A:|    a = 1|# within|    b = 2|    # end', 'function f: def f(): pass  # f'],
  },
  {
    name: 'brackets at the start of a line',
    text: 'x = [\n1,\nclassy,\ndefault(2),\n]\nclass A(\nB,\n):\n    pass\n',
    units: ['code: x = [|1,|classy,|default(2),|]', 'class A: class A(|B,|):|    pass'],
  },
  {
    name: 'a bracket left open ends before the next class',
    text: 'x = f(\nclass A:\n    def g(self):\n        h([\n\n@d\ndef f(): pass\nimport x\n',
    units: [
      'code: x = f(',
      'class A: class A:|    def g(self):|        h([',
      'function f: @d|def f(): pass',
      'code: import x',
    ],
  },
  {
    name: 'an import ends what is left open',
    text: 'class A:\n    x = (\nimport b\nfrom c import d\n',
    units: ['class A: class A:|    x = (', 'code: import b|from c import d'],
  },
  {
    name: 'strings hold what looks like a class',
    text: 'x = """\nclass A:\n    pass\n"""\ny = \'\'\'\ndef f(): """\n\'\'\'\nz = "class \\\nclass B: "\n',
    units: ['code: x = """|class A:|    pass|"""|y = \'\'\'|def f(): """|\'\'\'|z = "class \\|class B: "'],
  },
  {
    name: 'escapes and prefixes',
    text: 'a = r"\\"; b = \'\\\'#\'; c = Rb"""\\"""\nclass A: """\nd = "it\'s # no"\nclass B: pass\n',
    units: ['code: a = r"\\"; b = \'\\\'#\'; c = Rb"""\\"""|class A: """|d = "it\'s # no"', 'class B: class B: pass'],
  },
  {
    name: 'a string left open ends before the next class',
    text: 'class A:\n    """About.\n\n    def f(self): pass\n\n@d\n@e(1)\nclass B:\n    """Text."""\n\ndef g():\n    """Text."""\n',
    units: [
      'class A: class A:|    """About.||    def f(self): pass',
      'class B: @d|@e(1)|class B:|    """Text."""',
      'function g: def g():|    """Text."""',
    ],
  },
  {
    name: 'a string left open in the last unit',
    text: 'class A: pass\nx = """\na\n\n',
    units: ['class A: class A: pass', 'code: x = """|a'],
  },
  {
    name: 'a quote left open ends with its line',
    text: 'class A:\n    x = "abc\n    y = 1\nclass B: pass\n',
    units: ['class A: class A:|    x = "abc|    y = 1', 'class B: class B: pass'],
  },
  {
    name: 'joined lines',
    text: 'x = 1 + \\\ny\nz = \\\nclass A: pass',
    units: ['code: x = 1 + \\|y|z = \\', 'class A: class A: pass'],
  },
  {
    name: 'line breaks of all systems, tabs, form feeds and a byte order mark',
    text: '\ufeffclass A:\r\n\tx = 1\r\n\r\n\fclass B:\r\tx = 2\r\rdef f(): pass',
    units: ['class A: class A:|\tx = 1', 'class B: class B:|\tx = 2', 'function f: def f(): pass'],
  },
  {
    name: 'an indented beginning',
    text: '    x = """\n"""\n    y = 1\nclass A: pass\n',
    units: ['code:     x = """|"""|    y = 1', 'class A: class A: pass'],
  },
  {
    name: 'notebooks and magics',
    text: "# %%\n%matplotlib inline\n!pip install 'x\n?help\n# %% [markdown]\nclass A: pass\n",
    units: ["code: %matplotlib inline|!pip install 'x|?help", 'class A: class A: pass'],
  },
  {
    name: 'a class without a name, and words that begin like one',
    text: 'class\nclassy = 1\ndef (x): pass\nclass Ä_1: pass\n',
    units: ['code: class|classy = 1|def (x): pass', 'class Ä_1: class Ä_1: pass'],
  },
  { name: 'surplus brackets', text: 'x = 1)\n)\nclass A: pass', units: ['code: x = 1)|)', 'class A: class A: pass'] },
  {
    name: 'null bytes and lone surrogates',
    text: 'x\u0000 = "\ud800"\nclass A\ud800: pass',
    units: ['code: x\u0000 = "\ud800"', 'class A: class A\ud800: pass'],
  },
];

describe('splitting', () => {
  it.each(cases)('$name', ({ text, units }) => expect(split(text)).toEqual(units));
});

const pieces = fc.constantFrom(
  ...[
    '',
    '\n',
    '\n\n',
    '\r\n',
    '\r',
    '    ',
    '\t',
    '\f',
    '(',
    ')',
    '[',
    '}',
    ':',
    ',',
    '.',
    '=',
    ' + ',
    '# ',
    '# peek: A()(x)\n',
  ],
  ...[
    '"',
    "'",
    '"""',
    "'''",
    '\\',
    '\\\n',
    'f"{',
    '@d\n',
    '\nclass A(nn.Module):\n    ',
    '\nasync def f(self):\n',
    '\nimport torch\n',
  ],
  ...['self.x = nn.Linear(1, 1)', 'for i in', 'lambda', 'if x else', 'é🎉', '\u0000', '\ud800', '\ufeff', 'x = 1; '],
);
const place = fc.double({ min: 0, max: 1, noNaN: true });
const edit = fc.record({ at: place, length: fc.nat(60), text: pieces });
const source = fc.constantFrom(...texts);

function apply(text: string, one: { at: number; length: number; text: string }): string {
  const start = Math.floor(one.at * text.length);
  return text.slice(0, start) + one.text + text.slice(start + one.length);
}

function edited(text: string, edits: readonly { at: number; length: number; text: string }[]): string {
  return edits.reduce(apply, text);
}

/** Lowered statements without their way back to the unit. */
function plain(statements: readonly Statement[]): unknown {
  return JSON.parse(JSON.stringify(statements, (key, value: unknown) => (key === 'unit' ? undefined : value)));
}

function contents(file: SourceFile): unknown {
  const units = file.units.map(({ unit, start }) => {
    const { kind, name, text } = unit;
    return { kind, name, text, start, statements: plain(unit.statements) };
  });
  return { text: file.text, comments: file.comments, units };
}

function newlines(text: string): string {
  return text.replaceAll('\n', '\r\n');
}

describe('any text', () => {
  it('is its units, and between them blanks and comments', () => {
    fc.assert(
      fc.property(source, fc.array(edit, { maxLength: 5 }), fc.boolean(), (text, edits, windows) => {
        const now = edited(windows ? newlines(text) : text, edits);
        const { units, comments } = splitUnits(now);
        let end = 0;
        for (const one of units) {
          expect(now.slice(end, one.start)).toMatch(/^\s*(?:(?:#[^\r\n]*|\\)\s*)*$/);
          expect(one.end).toBeGreaterThan(one.start);
          end = one.end;
        }
        expect(now.slice(end)).toMatch(/^\s*(?:(?:#[^\r\n]*|\\)\s*)*$/);
        for (const one of comments) {
          expect(now.slice(one.start, one.end)).toMatch(/^#[ \t]*peek:[^\r\n]*$/);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('is split alike alone and within its file', () => {
    fc.assert(
      fc.property(source, fc.array(edit, { maxLength: 3 }), (text, edits) => {
        const now = edited(text, edits);
        for (const one of splitUnits(now).units) {
          const unit = now.slice(one.start, one.end);
          expect(splitUnits(unit).units).toEqual([{ ...one, start: 0, end: unit.length }]);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('ends soon, whatever is repeated in it', () => {
    const repeated = [
      '"""',
      "'",
      '(',
      '\\"""\n',
      '@d\n',
      'class A:\n',
      '\n',
      '# peek: x\n',
      'x = """\nclass A(\n',
      'f"{',
      'a.',
    ];
    const started = performance.now();
    for (const one of repeated) {
      const text = one.repeat(100_000);
      splitUnits(text);
      splitUnits(`x = "\u0022"\n${text}`);
    }
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});

describe.each(bindings)('%s', (binding) => {
  const parser = parsers[binding];

  it('after any edits a file reads as it does afresh', () => {
    fc.assert(
      fc.property(source, fc.array(edit, { minLength: 1, maxLength: 6 }), (text, edits) => {
        const reader = new SourceReader(parser);
        let now = text;
        let file = reader.read(now);
        for (const one of edits) {
          now = apply(now, one);
          file = reader.read(now, file);
          expect(contents(file)).toEqual(contents(new SourceReader(parser).read(now)));
        }
      }),
      { numRuns: 40 },
    );
  });

  it('units whose text stays are the same objects, also where they moved', () => {
    const unit = (name: string): string => `def ${name}():\n    return ${name}\n`;
    const reader = new SourceReader(parser);
    const before = reader.read([unit('a'), unit('same'), unit('b'), unit('same'), unit('c')].join('\n'));
    const after = reader.read(
      [unit('c'), unit('new'), unit('same'), unit('a'), unit('same'), unit('same')].join('\n'),
      before,
    );
    const indices = after.units.map((one) => before.units.findIndex((other) => other.unit === one.unit));
    expect(indices).toEqual([4, -1, 1, 0, 3, -1]);
    expect(reader.read(after.text, after)).toBe(after);
  });

  it('statements are made once, and again when released', () => {
    const [placed] = new SourceReader(parser).read('class A:\n    def f(self): pass\n').units;
    const first = placed?.unit.statements;
    expect(placed?.unit.statements).toBe(first);
    placed?.unit.release();
    expect(placed?.unit.statements).not.toBe(first);
    expect(plain(placed?.unit.statements ?? [])).toEqual(plain(first ?? []));
    const [node] = first ?? [];
    expect(node?.kind === 'class' && node.unit === placed?.unit).toBe(true);
  });

  it('places what is being typed where it is written', () => {
    const text =
      'import a\n\nclass A(nn.Module):\n    def f(self, x):\n        y = self.g(x[0, self.h(1)\n        return self.z(x)\n';
    const placed = new SourceReader(parser).read(text).units[1];
    const found: string[] = [];
    JSON.stringify(placed?.unit.statements, (key, value) => {
      if (value?.kind === 'call' || value?.kind === 'return') {
        found.push(placed?.unit.text.slice(value.start, value.end) ?? '');
      }
      return key === 'unit' ? undefined : value;
    });
    expect(found).toEqual(['self.g(x[0, self.h(1)', 'self.h(1)', 'return self.z(x)', 'self.z(x)']);
  });

  it.each([
    ['x = [*a.b, *c()]', '[*a.b, *c()]: *a.b, *c()'],
    ['x = a if b \\\n  else c', 'conditional: a, b, c'],
    ['f(a, \\\n  b)', 'f(a, \\|  b): a, b'],
    ['x = r"\\n" "\\n"', 'string: \\n|'],
  ])('%j', (text, expected) => {
    const source = (one: Expression): string => text.slice(one.start, one.end);
    const shown = (one: Expression): string => {
      const written = source(one);
      switch (one.kind) {
        case 'sequence':
          return `${written}: ${one.items.map((item) => (item.kind === 'starred' ? `*${source(item.value)}` : '?')).join(', ')}`;
        case 'conditional':
          return `conditional: ${[one.then, one.condition, one.otherwise].map(source).join(', ')}`;
        case 'call':
          return `${written}: ${one.args.map((argument) => source(argument.value)).join(', ')}`;
        default:
          return `${one.kind}: ${one.kind === 'string' ? one.parts.join('') : ''}`;
      }
    };
    const [statement] = new SourceReader(parser).read(text).units[0]?.unit.statements ?? [];
    const value = statement?.kind === 'assign' || statement?.kind === 'expression' ? statement.value : null;
    expect(value && shown(value).replaceAll('\n', '|')).toBe(expected);
  });

  it('a large class that is edited reads as it does afresh', () => {
    const methods = Array.from(
      { length: 3000 },
      (_, n) => `    def f${n}(self, x):\n        return self.layer${n}(x)\n`,
    );
    const text = `class A(nn.Module):\n${methods.join('')}`;
    const reader = new SourceReader(parser);
    let file = reader.read(text);
    contents(file);
    for (const [from, to] of [
      ['f7(self', 'f7(self, y'],
      ['layer2000(x)', 'layer2000(x'],
      ['layer2000(x', 'layer2000(x, 1)'],
      ['f9(', 'f_9('],
    ] as const) {
      file = reader.read(file.text.replace(from, to), file);
      expect(contents(file)).toEqual(contents(new SourceReader(parser).read(file.text)));
    }
  });

  it('copies say what the tree says', () => {
    const copier = new TreeCopier();
    const fields = [
      'object',
      'attribute',
      'function',
      'arguments',
      'left',
      'right',
      'operator',
      'name',
      'value',
      'body',
    ].concat([
      'type',
      'condition',
      'consequence',
      'parameters',
      'return_type',
      'superclasses',
      'definition',
      'key',
      'argument',
      'module_name',
    ]);
    const agree = (copy: ReadableNode, node: ReadableNode): void => {
      expect([copy.type, copy.startIndex, copy.endIndex]).toEqual([node.type, node.startIndex, node.endIndex]);
      const below = node.namedChildren.filter((one) => one.type !== 'comment' && one.type !== 'line_continuation');
      if (copy.namedChildren.length === 0) {
        return;
      }
      expect(copy.namedChildren.length).toBe(below.length);
      for (const name of fields) {
        const field = copy.childForFieldName(name);
        if (field !== null) {
          expect(field.type).toBe(node.childForFieldName(name)?.type);
        }
      }
      copy.namedChildren.forEach((one, index) => {
        agree(one, below[index] ?? node);
      });
    };
    const odd =
      'x = [  1 ,2,  # c\n  *a ,\n]\ny: int = f ( a , b = c , ** d ) . e [ 1 : 2 , :: 3 ]\nz = a if b \\\n  else c\nx = (yield)\n' +
      'def f ( a , b : int = 1 , *c , d = 2 ) -> x [ y ] : # c\n  # d\n  return a , b ,\nw = f" a{ x !r:>{k} },{y=} .{z:.2f}"  "b"\n' +
      'if a  not  in b is  not c: pass\nelif (n := 1): pass\nelse: # e\n  pass\né.ü(ä=ö)\nf()()[()]\n(a\n .b # c\n .c())\nlambda:0\n' +
      'match x:\n  # c\n  case 1: pass\nclass A [ T ] ( B , metaclass = C ) : x = { 1 : 2 , ** d } ; y = { * a }\nx = 1. .real, .5, ...\n@ a . b\nasync def g(): await x\n';
    for (const text of [odd, newlines(odd), ...texts, ...texts.map(newlines)]) {
      using tree = parser.parse(text);
      agree(copier.copy(tree), tree.root);
    }
  });
});

it('both bindings say the same; how they recover from errors is their own', () => {
  const read = (binding: (typeof bindings)[number], text: string): unknown => {
    const file = new SourceReader(parsers[binding]).read(text);
    return file.units.map(({ unit }) => {
      using tree = parsers.native.parse(unit.text);
      return tree.root.hasError ? unit.name : plain(unit.statements);
    });
  };
  fc.assert(
    fc.property(source, fc.array(edit, { maxLength: 3 }), fc.boolean(), (text, edits, windows) => {
      const now = edited(windows ? newlines(text) : text, edits);
      expect(read('native', now)).toEqual(read('wasm', now));
    }),
    { numRuns: 60 },
  );
});

describe('directives', () => {
  const body = '\n    x = 1\n';
  it.each([
    ['directly above the class', `# peek: A()(x)\nclass A:${body}`, ['A: A()(x) @ 1:9']],
    ['above decorators and among other comments', `# peek:A()(x)  \n# more\n@d\nclass A:${body}`, ['A: A()(x) @ 1:8']],
    ['behind the class line', `class A:  # peek: A()(x)${body}`, ['A: A()(x) @ 1:19']],
    [
      'as first line of the body',
      `import a\r\n\r\nclass A:\r\n    # peek: A()(x)\r\n    x = 1\r\n`,
      ['A: A()(x) @ 4:13'],
    ],
    ['by no class', `# peek: A()(x)\n\nclass A:${body}\n# peek: later`, ['null: A()(x) @ 1:9', 'null: later @ 6:9']],
    ['not within strings or other comments', `# see # peek: no\nclass A:\n    """\n    # peek: no\n    """\n`, []],
  ])('%s', (_name, text, expected) => {
    const file = new SourceReader(parsers.wasm).read(text);
    const classes = file.units.flatMap(({ unit, start }) =>
      unit.statements.flatMap((one) =>
        one.kind === 'class'
          ? [
              {
                name: one.name,
                start: start + one.start,
                outerStart: start + one.outerStart,
                headerEnd: start + one.headerEnd,
              },
            ]
          : [],
      ),
    );
    const found = directivesIn(file, classes).map(
      (one) => `${one.className}: ${one.expression} @ ${one.expressionRange.line}:${one.expressionRange.column}`,
    );
    expect(found).toEqual(expected);
  });
});
