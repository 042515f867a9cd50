import { describe, expect, it } from 'vitest';
import { TopLevelWords } from '../../server/src/syntax/topLevelWords';

/** Of the asked names those that a star import may bring. */
function check(text: string, asked: readonly string[], expected: readonly string[]): void {
  const words = new TopLevelWords(text);
  expect(asked.filter((name) => words.mayExport(name))).toEqual(expected);
}

describe('names that a star import may bring', () => {
  it('classes and functions, not what is in them', () =>
    check('class A:\n    b = 1\n\n    def c(self): pass\nasync def d(e):\n    f = 1\n', [...'Abcdef'], ['A', 'd']));
  it('names of other statements, wherever they stand', () =>
    check(
      'from a import (\n    b,\n    c as d,\n)\nif e:\n    f = 1\nelse:\n    def g(): pass\n',
      [...'bdfg', 'h'],
      [...'bdfg'],
    ));
  it('what follows a class', () => check('class A:\n    x = 1\n# comment\n\nB = 2\n', ['A', 'x', 'B'], ['A', 'B']));
  it('decorated ones', () => check('@a(\n    1\n)\nclass B:\n    c = 1\n', ['B', 'c'], ['B']));
  it('where returns end lines', () => check('class A:\r    b = 1\rC = 1\r', ['A', 'C'], ['A', 'C']));
  it('other letters', () => check('Größe = 1\n', ['Größe', 'Gr'], ['Größe']));
  it('those listed in one piece alone', () =>
    check('__all__ = [\n    "A",  # why\n    \'B\',\n]\nclass A: pass\nclass C: pass\n', ['A', 'B', 'C'], ['A', 'B']));
  it('a list that is added to does not count', () =>
    check('__all__ = ["A"]\n__all__ += other\nclass C: pass\n', ['A', 'C'], ['A', 'C']));
  it('a list made of other lists does not count', () =>
    check('__all__ = ["A", *other.__all__]\nclass C: pass\n', ['C'], ['C']));
});

it('star imports of its own, as written', () => {
  const text = 'from a import *\nif b:\n    from .c import *\n    from .d import (*)\ndef f():\n    from e import *\n';
  expect(new TopLevelWords(text).starred).toEqual(['a', '.c', '.d']);
});
