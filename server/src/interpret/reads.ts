/** What a piece of work asked of the names of modules. Its result stays valid while every answer is the same. */

import type { Module } from './module';
import { same, type Value } from './values';

export class Reads {
  private readonly asked = new Map<Module, Map<string, Value | undefined>>();

  /** `owner` is the module whose work this is. */
  constructor(readonly owner: Module) {}

  /** Notes the first answer: within one piece of work the names of other modules do not change. */
  note(module: Module, name: string, value: Value | undefined): void {
    let names = this.asked.get(module);
    if (names === undefined) {
      names = new Map();
      this.asked.set(module, names);
      module.readers.add(this.owner);
    }
    if (!names.has(name)) {
      names.set(name, value);
    }
  }

  /** Forgets what was asked of names that the work itself gave later: its own code decides on those. */
  drop(module: Module, names: ReadonlySet<string>): void {
    const asked = this.asked.get(module);
    for (const name of names) {
      asked?.delete(name);
    }
  }

  hold(): boolean {
    for (const [module, names] of this.asked) {
      for (const [name, value] of names) {
        const now = module.peek(name);
        if (now !== value && (now === undefined || value === undefined || !same(now, value))) {
          return false;
        }
      }
    }
    return true;
  }

  get modules(): Iterable<Module> {
    return this.asked.keys();
  }
}
