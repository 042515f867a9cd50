import { expect, it } from 'vitest';
import { parsePython } from './parsePython';

/** Directives as `class: expression @ line:column`. */
function check(text: string, expected: string[]): void {
  const found = parsePython(`import torch.nn as nn\n${text}`).directives.map(
    (one) => `${one.className}: ${one.expression} @ ${one.expressionRange.line}:${one.expressionRange.column}`,
  );
  expect(found).toEqual(expected);
}

const body = '\n    def forward(self, x):\n        return x\n';

it('directly above the class', () => check(`# peek: A()(x)\nclass A(nn.Module):${body}`, ['A: A()(x) @ 2:9']));
it('without blanks', () => check(`#peek:A()(x)  \nclass A(nn.Module):${body}`, ['A: A()(x) @ 2:7']));
it('above decorators and among other comments', () =>
  check(`# about\n# peek: A()(x)\n# more\n@final\n@other(1)\nclass A(nn.Module):${body}`, ['A: A()(x) @ 3:9']));
it('behind the class line', () => check(`class A(nn.Module):  # peek: A()(x)${body}`, ['A: A()(x) @ 2:30']));
it('as first line of the body', () => check(`class A(nn.Module):\n    # peek: A()(x)${body}`, ['A: A()(x) @ 3:13']));
it('by a nested class', () =>
  check(
    `class A(nn.Module):\n    # peek: B()(x)\n    class B(nn.Module):\n        def forward(self, x):\n            return x\n`,
    ['A.B: B()(x) @ 3:13'],
  ));
it('by no class', () =>
  check(`# peek: A()(x)\n\nclass A(nn.Module):${body}\n# peek: later\n`, ['null: A()(x) @ 2:9', 'null: later @ 8:9']));
it('not within strings or other comments', () =>
  check(`s = "# peek: no"\n# see # peek: no\nclass A(nn.Module):\n    """\n    # peek: no\n    """${body}`, []));
it('columns count UTF-16 code units', () =>
  check(`class A(nn.Module): s = "🎉"  # peek: A()("é🎉")\n`, ['A: A()("é🎉") @ 2:39']));
it('several keep their order', () =>
  check(`# peek: A(1)(x)\n# peek: A(2)(x)\nclass A(nn.Module):${body}`, ['A: A(1)(x) @ 2:9', 'A: A(2)(x) @ 3:9']));
