import { expect, test } from 'vitest';
import type { Value } from '../../server/src/protocol/helperMessages.generated';
import { collapse, countText, shorten, tensorsByName, valueText, valueTree } from '../../server/src/render/value';

const tensor = (...shape: number[]): Value => ({ kind: 'tensor', shape, dtype: 'float32', device: 'cpu' });
const none: Value = { kind: 'plain', className: 'NoneType', text: 'None' };
const container = (
  kind: 'tuple' | 'list' | 'dict' | 'object' | 'arguments',
  className: string,
  items: [string, Value][],
  omitted = 0,
): Value => ({
  kind,
  className,
  items: items.map(([key, value]) => ({ key, value })),
  omitted,
});

function check(value: Value, line: string, tree: string[]): void {
  expect(valueText(value)).toBe(line);
  expect(valueTree(value)).toEqual(tree);
}

test('a tensor', () => check(tensor(1, 3, 8, 8), '[1, 3, 8, 8]', ['[1, 3, 8, 8] float32 cpu']));

test('a tensor whose sizes have names', () => {
  const value: Value = { kind: 'tensor', shape: [2, 16, 4], dims: ['N', '16', 'T/2'], dtype: 'float32', device: 'cpu' };
  check(value, '[N, 16, T/2]', ['[N, 16, T/2] float32 cpu']);
});

test('what is an argument, or lies in its memory, says so in the tree', () => {
  const facts = { dtype: 'float32', device: 'cpu' } as const;
  const value = container('tuple', 'tuple', [
    ['0', { kind: 'tensor', shape: [4], handle: 1, ...facts }],
    ['1', { kind: 'tensor', shape: [2, 2], handle: 7, sharesWith: 2, ...facts }],
    ['2', { kind: 'tensor', shape: [2, 2], handle: 8, sharesWith: 3, layout: 'sparse_coo', ...facts }],
  ]);
  const given = container('arguments', '', [
    ['x', { kind: 'tensor', shape: [4], handle: 1, ...facts }],
    ['state', container('tuple', 'tuple', [['0', { kind: 'tensor', shape: [4], handle: 2, ...facts }]])],
  ]);
  expect(valueTree(value, '', '', new Map(tensorsByName(given)))).toEqual([
    'tuple',
    '  0: [4] float32 cpu (x itself)',
    '  1: [2, 2] float32 cpu (in the memory of state.0)',
    '  2: [2, 2] float32 cpu sparse_coo',
  ]);
});

test('a tensor without dimensions', () => check(tensor(), '[]', ['[] float32 cpu']));

test('equal neighbours of a sequence collapse on the line, not in the tree', () => {
  const value = container('tuple', 'tuple', [
    ['0', tensor(2, 8)],
    ['1', tensor(2, 8)],
    ['2', none],
  ]);
  check(value, '([2, 8] x2, None)', ['tuple', '  0: [2, 8] float32 cpu', '  1: [2, 8] float32 cpu', '  2: None']);
});

test('a dict names its values', () => {
  const value = container('dict', 'dict', [
    ['logits', tensor(1, 10)],
    ['loss', tensor()],
  ]);
  check(value, '{logits: [1, 10], loss: []}', ['dict', '  logits: [1, 10] float32 cpu', '  loss: [] float32 cpu']);
});

test('equal arguments are told once', () => {
  const value = container('arguments', '', [
    ['query', tensor(2, 7, 16)],
    ['key', tensor(2, 7, 16)],
    ['value', tensor(2, 7, 16)],
  ]);
  expect(valueText(value)).toBe('[2, 7, 16] x3');
});

test('an object shows its tensors under its own class name', () => {
  const value = container('object', 'ModelOutput', [
    ['logits', tensor(1, 10)],
    ['cache', none],
  ]);
  expect(valueText(value)).toBe('ModelOutput(logits: [1, 10])');
});

test('a lone tensor argument loses its name, several keep theirs, others are left out', () => {
  expect(
    valueText(
      container('arguments', '', [
        ['x', tensor(1, 3)],
        ['mask', none],
      ]),
    ),
  ).toBe('[1, 3]');
  expect(
    valueText(
      container('arguments', '', [
        ['x', tensor(1, 3)],
        ['y', tensor(1)],
      ]),
    ),
  ).toBe('x: [1, 3], y: [1]');
});

test('what a long container leaves out is said', () => {
  const value = container('list', 'list', [['0', tensor(1)]], 99);
  check(value, '[[1], ... 99 more]', ['list', '  0: [1] float32 cpu', '  ... 99 more']);
});

test('equal neighbours collapse, others do not', () => {
  expect(collapse(['a', 'a', 'b', 'a'])).toEqual(['a x2', 'b', 'a']);
});

test('counts are told in three digits', () => {
  expect([0, 448, 1000, 100_000, 11_689_512, 70_000_000_000].map(countText)).toEqual([
    '0',
    '448',
    '1K',
    '100K',
    '11.7M',
    '70B',
  ]);
});

test('a long text is cut where the line ends', () => {
  expect(shorten('x'.repeat(100), 20)).toHaveLength(20);
  expect(shorten('short')).toBe('short');
});
