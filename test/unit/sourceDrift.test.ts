import { expect, test } from 'vitest';
import { sourceDrift } from '../../server/src/mapping/sourceDrift';

const captured = ['import torch', '', 'class A:', '    a = 1', '    b = 2', ''].join('\n');

function check(present: string[], expected: { stale: boolean; lines: (number | null)[] }): void {
  const drift = sourceDrift(captured, present.join('\n'));
  expect({ stale: drift.stale, lines: [1, 2, 3, 4, 5].map((line) => drift.now(line)) }).toEqual(expected);
}

test('an unchanged text keeps every line', () => {
  check(['import torch', '', 'class A:', '    a = 1', '    b = 2', ''], { stale: false, lines: [1, 2, 3, 4, 5] });
});

test('a comment or a blank line moves lines and makes nothing stale', () => {
  check(['import torch', '', '# why', '', 'class A:', '    a = 1', '    b = 2', ''], {
    stale: false,
    lines: [1, 2, 5, 6, 7],
  });
});

test('trailing blanks make nothing stale', () => {
  expect(sourceDrift(captured, captured.replace('a = 1', 'a = 1  ')).stale).toBe(false);
});

test('an edited line keeps its place and is stale', () => {
  check(['import torch', '', 'class A:', '    a = 3', '    b = 2', ''], { stale: true, lines: [1, 2, 3, 4, 5] });
});

test('a deleted line is gone, the lines below move up', () => {
  check(['import torch', '', 'class A:', '    b = 2', ''], { stale: true, lines: [1, 2, 3, null, 4] });
});

test('a comment behind code makes nothing stale, a `#` in a string is no comment', () => {
  expect(sourceDrift(captured, captured.replace('a = 1', 'a = 1  # one')).stale).toBe(false);
  expect(sourceDrift('a = "#1"', 'a = "#2"').stale).toBe(true);
  expect(sourceDrift("a = '\\'#1'", "a = '\\'#2'").stale).toBe(true);
});

test('other line ends are the same code', () => {
  expect(sourceDrift(captured, captured.replaceAll('\n', '\r\n')).stale).toBe(false);
});
