/** A layer found by a path. */

import type { KnownLayer, KnownModel } from '../model/knownModel';
import { segmentsOf } from './segments';

export interface LayerMatch {
  readonly model: KnownModel;
  readonly layer: KnownLayer;
  /** The layer's pattern, with the indices that were asked for filled in. */
  readonly path: string;
}

/** A pattern with the names asked for where it has `*`. */
export function filledIn(pattern: string, asked: readonly string[]): string {
  return segmentsOf(pattern)
    .map((segment, index) => (segment.includes('*') ? (asked[index] ?? segment) : segment))
    .join('.');
}
