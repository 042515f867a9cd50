import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compressPaths } from '../../server/src/render/layerPattern';

/** All paths a pattern stands for. */
function expand(pattern: string): string[] {
  const match = /\{([^}]*)\}/.exec(pattern);
  if (match === null) {
    return [pattern];
  }
  const numbers = (match[1] ?? '').split(',').flatMap((part) => {
    const [from = 0, to = from] = part.split('..').map(Number);
    return Array.from({ length: to - from + 1 }, (_, index) => from + index);
  });
  return numbers.flatMap((number) => expand(pattern.replace(match[0], String(number))));
}

function check(paths: string[], expected: string[]): void {
  expect(compressPaths(paths)).toEqual(expected);
}

test('one path is itself', () => check(['layer1.0.conv1'], ['layer1.0.conv1']));

test('numbers vary as ranges and lists', () => {
  check(['layers.0', 'layers.1', 'layers.2', 'layers.5'], ['layers.{0..2,5}']);
  check(['a.0', 'a.1'], ['a.{0,1}']);
});

test('several places vary where the product is exact', () => {
  const paths = [1, 2, 3, 4].flatMap((layer) => [0, 1].map((block) => `layer${layer}.${block}.conv1`));
  check(paths, ['layer{1..4}.{0,1}.conv1']);
});

test('an inexact product stays apart', () => {
  check(['a.0.x', 'a.1.x', 'b.0.x'], ['a.{0,1}.x', 'b.0.x']);
  check(['l1.0', 'l1.1', 'l2.0'], ['l1.{0,1}', 'l2.0']);
});

test('unknown indices, leading zeros and several numbers are kept', () => {
  check(['layer1.*.conv', 'layer2.*.conv'], ['layer{1,2}.*.conv']);
  check(['a01', 'a02'], ['a01', 'a02']);
  check(['a1b1', 'a1b2'], ['a1b1', 'a1b2']);
});

test('nothing is lost and nothing invented', () => {
  const segment = fc.constantFrom('0', '1', '2', '3', '10', 'conv1', 'conv2', 'conv', 'a1b2', '01');
  const path = fc.array(segment, { minLength: 1, maxLength: 4 }).map((segments) => segments.join('.'));
  fc.assert(
    fc.property(fc.uniqueArray(path, { maxLength: 30 }), (paths) => {
      expect(compressPaths(paths).flatMap(expand).sort()).toEqual([...paths].sort());
    }),
  );
});
