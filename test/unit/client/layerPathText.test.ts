/** What of a line is offered as the first search. */

import { expect, test } from 'vitest';
import { isLayerPath, pathAround } from '../../../client/src/layerPathText';

test.each([
  ['net.get_submodule("layer1.0")', 22, 'layer1.0'],
  ['net.get_submodule("layer1.0")', 19, 'layer1.0'],
  ['net.get_submodule("layer1.0")', 18, null],
  ['net.get_submodule("layer1.0")', 28, null],
  [`f('a', "b'c")`, 9, "b'c"],
  ['self.conv1 = x', 5, null],
  ['"open', 2, null],
])('%s at %i', (line, column, expected) => expect(pathAround(line, column)).toBe(expected));

test.each([
  ['layer1.0.conv1', true],
  ['fc', true],
  ['layer1.*.conv1', true],
  ['0.conv1', false],
  ['a b', false],
  ['./file.py', false],
  ['', false],
])('%j looks like a path: %s', (text, expected) => expect(isLayerPath(text)).toBe(expected));
