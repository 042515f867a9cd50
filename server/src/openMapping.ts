/** One open file being mapped: in slices, once for all who wait for it, and only as long as somebody does. */

import { setImmediate as nextTurn } from 'node:timers/promises';
import { workOn } from './slices';

export class OpenMapping {
  private steps: Generator<void, unknown> | null = null;
  private slice: Promise<boolean> | null = null;
  private waiting: (() => boolean)[] = [];
  /** Counts what may make the work useless, or share it. */
  private news = 0;
  private isMapped = false;

  /** `begin` starts the mapping of the present text. */
  constructor(private readonly begin: () => Generator<void, unknown>) {}

  /** Says that a text is another one: the mapping begins anew. */
  textChanged(): void {
    this.news += 1;
    this.steps = null;
    this.isMapped = false;
  }

  /** Goes on for a slice, the same one for all who ask meanwhile. True where the file is mapped then; nothing is done where nobody wants it any more. */
  next(isWanted: () => boolean): Promise<boolean> {
    this.news += 1;
    this.waiting.push(isWanted);
    this.slice ??= this.work();
    return this.slice;
  }

  private async work(): Promise<boolean> {
    await this.messagesFirst();
    const isDone = this.waiting.some((one) => one()) && this.workOn();
    if (isDone) {
      // The answer takes its time too.
      await this.messagesFirst();
    }
    this.waiting = [];
    this.slice = null;
    return isDone && this.isMapped;
  }

  private workOn(): boolean {
    this.steps ??= this.begin();
    this.isMapped = workOn(this.steps) !== null;
    if (this.isMapped) {
      this.steps = null;
    }
    return this.isMapped;
  }

  /** Messages that have come are read before more is worked: a later text or a cancellation among them makes it useless. The connection reads one in each turn. */
  private async messagesFirst(): Promise<void> {
    for (let seen = -1; seen !== this.news; ) {
      seen = this.news;
      await nextTurn();
      await nextTurn();
    }
  }
}
