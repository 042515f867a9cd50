/** Long work in slices, between which others get their turn. */

import { setImmediate as nextTurn } from 'node:timers/promises';

/** Milliseconds of work after which others get their turn. */
const SLICE = 15;

type Steps<T> = Generator<void, T>;

/** Works for one slice. Null where more is left to do. */
export function workOn<T>(steps: Steps<T>): { readonly value: T } | null {
  const end = performance.now() + SLICE;
  do {
    const step = steps.next();
    if (step.done === true) {
      return { value: step.value };
    }
  } while (performance.now() < end);
  return null;
}

/** Works to the end; null where `isWanted` says before that nobody needs it any more. */
export async function workInSlices<T>(steps: Steps<T>, isWanted: () => boolean): Promise<T | null> {
  while (isWanted()) {
    const done = workOn(steps);
    if (done !== null) {
      return done.value;
    }
    await nextTurn();
  }
  return null;
}
