/** What stands on the lines of a file as it is now, from all captures that know it. Pure. */

import type { Capture } from '../protocol/helperMessages.generated';
import { annotate, type LineAnnotation } from './annotate';
import { sourceDrift } from './sourceDrift';

export interface CapturedSources {
  readonly capture: Capture;
  readonly sources: ReadonlyMap<string, string>;
}

export interface PlacedAnnotation<C extends CapturedSources> extends LineAnnotation {
  readonly from: C;
  /** True where the file's code has changed since. */
  readonly stale: boolean;
}

/**
 * Annotations in line order.
 * @param captures newest first: each line and role shows the newest capture that speaks of it
 */
export function fileAnnotations<C extends CapturedSources>(
  captures: readonly C[],
  file: string,
  text: string,
): PlacedAnnotation<C>[] {
  const placed = new Map<string, PlacedAnnotation<C>>();
  for (const from of captures) {
    const captured = from.sources.get(file);
    if (captured === undefined) {
      continue;
    }
    const drift = sourceDrift(captured, text);
    for (const annotation of annotate(from.capture, file, drift)) {
      const key = `${annotation.line} ${annotation.role === 'definition'}`;
      if (!placed.has(key)) {
        placed.set(key, { ...annotation, from, stale: drift.stale });
      }
    }
  }
  return [...placed.values()].sort((a, b) => a.line - b.line);
}
