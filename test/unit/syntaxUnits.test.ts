import { describe, expect, it } from 'vitest';
import { splitUnits } from '../../server/src/syntax/splitUnits';

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
