/** The numbers of a tensor, in words. Pure. */

import type { Statistics, Value } from '../protocol/helperMessages.generated';

const BARS = [...'\u2581\u2582\u2583\u2584\u2585\u2586\u2587\u2588'];

/** Lines of what is known of a tensor; none for anything else. */
export function statisticsLines(value: Value, known: ReadonlyMap<number, Statistics>): string[] {
  const found = value.kind === 'tensor' && value.handle !== undefined ? known.get(value.handle) : undefined;
  return found === undefined ? [] : statisticsText(found);
}

/** `min -1.0  max 2.0 ...`, a histogram, where the first NaN is, what the numbers were made of. */
export function statisticsText(found: Statistics): string[] {
  const numbers = [
    ['min', found.minimum],
    ['max', found.maximum],
    ['mean', found.mean],
    ['std', found.std],
  ] as const;
  const texts = numbers.flatMap(([name, number]) => (number === null ? [] : [`${name} ${number.toPrecision(4)}`]));
  const zeros = found.zeros === null || found.zeros === 0 ? [] : [`zeros ${(100 * found.zeros).toFixed(1)} %`];
  const bad = [...badText('NaN', found.nan, found.firstNan), ...badText('Inf', found.infinite, found.firstInfinite)];
  const summary = [...texts, ...zeros, ...bad];
  const histogram = histogramText(found.histogram ?? []);
  const sampled =
    found.sampled === null || found.sampled === undefined
      ? []
      : [`mean, std, zeros and histogram of a sample of ${found.sampled} of ${found.elements} elements`];
  return [
    ...(summary.length === 0 ? [] : [summary.join('  ')]),
    ...(histogram === '' ? [] : [histogram]),
    ...sampled,
    ...(found.changed ? ['changed in place after the layer returned it'] : []),
  ];
}

function badText(name: string, count: number, first: readonly number[] | null | undefined): string[] {
  const where = first === null || first === undefined ? '' : ` from [${first.join(', ')}] on`;
  return count === 0 ? [] : [`${name} ${count}${where}`];
}

/** A bar for each bin; the fullest is the highest, an empty one is a space. */
function histogramText(counts: readonly number[]): string {
  const most = Math.max(0, ...counts);
  // All in one bin: the minimum tells it.
  if (counts.filter((count) => count > 0).length < 2) {
    return '';
  }
  const bar = (count: number): string => BARS[Math.ceil((BARS.length * count) / most) - 1] ?? ' ';
  return `|${counts.map(bar).join('')}|`;
}
