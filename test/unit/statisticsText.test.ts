/** The numbers of a tensor, in words. */

import { expect, test } from 'vitest';
import type { Statistics } from '../../server/src/protocol/helperMessages.generated';
import { statisticsText } from '../../server/src/render/statisticsText';

const plain: Statistics = {
  minimum: -1,
  maximum: 3,
  mean: 0.5,
  std: 1.25,
  zeros: 0,
  nan: 0,
  infinite: 0,
  elements: 8,
  changed: false,
};

const cases: [string, Partial<Statistics>, string[]][] = [
  ['what matters alone', {}, ['min -1.000  max 3.000  mean 0.5000  std 1.250']],
  [
    'NaN and Inf with their first index',
    { zeros: 0.25, nan: 2, firstNan: [0, 3], infinite: 1, firstInfinite: [] },
    ['min -1.000  max 3.000  mean 0.5000  std 1.250  zeros 25.0 %  NaN 2 from [0, 3] on  Inf 1 from [] on'],
  ],
  [
    'a histogram and a sample',
    { histogram: [0, 1, 4, 8], sampled: 1000, elements: 20000 },
    [
      'min -1.000  max 3.000  mean 0.5000  std 1.250',
      '| ▁▄█|',
      'mean, std, zeros and histogram of a sample of 1000 of 20000 elements',
    ],
  ],
  [
    'nothing that is finite',
    { minimum: null, maximum: null, mean: null, std: null, zeros: 0, nan: 8, histogram: [] },
    ['NaN 8'],
  ],
];

test.each(cases)('%s', (_, numbers, expected) => {
  expect(statisticsText({ ...plain, ...numbers })).toEqual(expected);
});
