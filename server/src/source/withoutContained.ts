/** Patterns without those that another one of them stands for already. Pure. */

import { fits, segmentsOf } from './segments';

/** `layer1.0.conv1` goes where `layer1.*.conv1` is; the order stays. */
export function withoutContained(patterns: readonly string[]): string[] {
  const open = patterns.filter((one) => one.includes('*')).map((one) => ({ one, segments: segmentsOf(one) }));
  return patterns.filter((pattern) => {
    const segments = segmentsOf(pattern);
    return !open.some((other) => other.one !== pattern && contains(other.segments, segments));
  });
}

function contains(wide: readonly string[], narrow: readonly string[]): boolean {
  return (
    wide.length === narrow.length &&
    wide.every((segment, index) => {
      const other = narrow[index] ?? '';
      return segment === other || (segment.includes('*') && !other.includes('*') && fits(segment, other));
    })
  );
}
