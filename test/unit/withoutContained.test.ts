/** A path that another listed pattern stands for is not listed. */

import { expect, test } from 'vitest';
import { withoutContained } from '../../server/src/source/withoutContained';

test.each([
  [
    ['layer1.0.conv1', 'layer2.0.conv1', 'layer1.*.conv1', 'layer2.*.conv1'],
    ['layer1.*.conv1', 'layer2.*.conv1'],
  ],
  [
    ['layer1.0.conv1', 'layer2.*.conv1'],
    ['layer1.0.conv1', 'layer2.*.conv1'],
  ],
  [
    ['blocks.*', 'blocks.*'],
    ['blocks.*', 'blocks.*'],
  ],
  [
    ['blocks.*.fc', 'blocks.0'],
    ['blocks.*.fc', 'blocks.0'],
  ],
  [['stage1.fc', 'stage*.fc'], ['stage*.fc']],
  [
    ['a', 'b'],
    ['a', 'b'],
  ],
])('%j', (patterns, expected) => expect(withoutContained(patterns)).toEqual(expected));
