/** Who waits for a file to be mapped gets it, and nothing is done for those who do not wait any more. */

import { expect, test } from 'vitest';
import { OpenMapping } from '../../server/src/openMapping';

/** Longer than a slice of work. */
const STEP = 20;

class Work {
  begun = 0;
  done = 0;
  readonly mapping = new OpenMapping(() => this.steps());

  *steps(): Generator<void, void> {
    this.begun += 1;
    for (let step = 0; step < 3; step += 1) {
      for (const end = performance.now() + STEP; performance.now() < end; );
      this.done += 1;
      yield;
    }
  }

  async wait(isWanted = (): boolean => true): Promise<boolean> {
    while (isWanted()) {
      if (await this.mapping.next(isWanted)) {
        return true;
      }
    }
    return false;
  }
}

test('many who wait share the work', async () => {
  const work = new Work();
  expect(await Promise.all([work.wait(), work.wait(), work.wait()])).toEqual([true, true, true]);
  expect([work.begun, work.done]).toEqual([1, 3]);
});

test('nothing is done for a wait that ends before its turn', async () => {
  const work = new Work();
  let wanted = true;
  const waiting = work.wait(() => wanted);
  wanted = false;
  expect(await waiting).toBe(false);
  expect(work.done).toBe(0);
});

test('work that nobody waits for stops, and goes on where somebody does again', async () => {
  const work = new Work();
  expect(await work.wait(() => work.done === 0)).toBe(false);
  expect(work.done).toBe(1);
  expect(await work.wait()).toBe(true);
  expect([work.begun, work.done]).toEqual([1, 3]);
});

test('another text begins anew, for those who still wait', async () => {
  const work = new Work();
  const waiting = work.wait();
  await work.wait(() => work.done === 0);
  work.mapping.textChanged();
  expect(await waiting).toBe(true);
  expect(work.begun).toBe(2);
});
