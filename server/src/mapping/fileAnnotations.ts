/** What stands on the lines of a file as it is now, from all captures that know it. Pure. */

import type { Capture } from '../protocol/helperMessages.generated';
import { annotate, annotateUnregistered, type LineAnnotation } from './annotate';
import { type ReconciledFile, reconcile } from './reconcile';
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
 * @param told what the source tells of the file as it is now
 */
export function fileAnnotations<C extends CapturedSources>(
  captures: readonly C[],
  file: string,
  text: string,
  told: Pick<ReconciledFile, 'classes' | 'elsewhere'> = { classes: [], elsewhere: [] },
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
  // A capture of one model knows that another class is not in it; one that ran the class knows more.
  for (const from of captures) {
    const captured = from.sources.get(file);
    const drift = captured === undefined ? null : sourceDrift(captured, text);
    if (drift === null || drift.stale) {
      continue;
    }
    const { unregistered } = reconcile(from.capture, { ...told, file, text, drift });
    for (const annotation of annotateUnregistered(unregistered)) {
      const key = `${annotation.line} true`;
      if (!placed.has(key)) {
        placed.set(key, { ...annotation, from, stale: false });
      }
    }
  }
  return [...placed.values()].sort((a, b) => a.line - b.line);
}
