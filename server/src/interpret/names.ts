/** The names of one scope, which can tell what a piece of work changed, and take it back. */

import type { Value } from './values';

/** What the changed names stood for before; undefined for those that were not there. */
export type FormerValues = ReadonlyMap<string, Value | undefined>;

export class Names extends Map<string, Value> {
  /** Set while work is watched. Copying all names at every branch would cost more than running it. */
  private former: Map<string, Value | undefined> | null = null;

  override set(name: string, value: Value): this {
    this.note(name);
    return super.set(name, value);
  }

  override delete(name: string): boolean {
    this.note(name);
    return super.delete(name);
  }

  /** Does the work, and gives what the names that it set or deleted stood for before. */
  changedBy(work: () => void): FormerValues {
    const outer = this.former;
    const former = new Map<string, Value | undefined>();
    this.former = former;
    try {
      work();
    } finally {
      this.former = outer;
      for (const [name, value] of former) {
        if (outer?.has(name) === false) {
          outer.set(name, value);
        }
      }
    }
    return former;
  }

  takeBack(former: FormerValues): void {
    for (const [name, value] of former) {
      if (value === undefined) {
        super.delete(name);
      } else {
        super.set(name, value);
      }
    }
  }

  private note(name: string): void {
    if (this.former?.has(name) === false) {
      this.former.set(name, this.get(name));
    }
  }
}
