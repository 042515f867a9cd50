/** Which names of which modules have got another value lately, so that what hangs on names need not compare all of them. */

import type { Module } from './module';

export interface Change {
  readonly module: Module;
  readonly name: string;
}

/** An edit changes a name or two. Behind more than these, comparing all is no slower. */
const KEPT = 128;

export class ChangeLog {
  private readonly recent: Change[] = [];
  /** Count of all changes so far. */
  position = 0;

  note(module: Module, name: string): void {
    this.recent.push({ module, name });
    this.position += 1;
    if (this.recent.length > 2 * KEPT) {
      this.recent.splice(0, KEPT);
    }
  }

  /** True where the test holds for all changes since a position; null where they are too many to be known. */
  everySince(position: number, test: (change: Change) => boolean): boolean | null {
    const from = this.recent.length - (this.position - position);
    if (from < 0) {
      return null;
    }
    for (let at = from; at < this.recent.length; at += 1) {
      const change = this.recent[at];
      if (change !== undefined && !test(change)) {
        return false;
      }
    }
    return true;
  }
}
