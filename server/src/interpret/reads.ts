/** What a piece of work asked of the names of modules. Its result stays valid while every answer is the same. */

import type { Change } from './changeLog';
import type { Module } from './module';
import { same, type Value } from './values';

export class Reads {
  private readonly asked = new Map<Module, Map<string, Value | undefined>>();

  /** Position in the log of changes up to which all answers are known to be the same. */
  private heldAt: number;

  /** `owner` is the module whose work this is. */
  constructor(readonly owner: Module) {
    this.heldAt = owner.program.changes.position;
  }

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
    const { changes, isRunning } = this.owner.program;
    if (this.heldAt === changes.position && !isRunning) {
      return true;
    }
    // While the code of a module runs, its names change without being noted.
    const recent = isRunning || this.heldAt < 0 ? null : changes.everySince(this.heldAt, this.isAsBefore);
    const stillHolds = recent ?? this.allHold();
    if (!isRunning) {
      this.heldAt = stillHolds ? changes.position : -1;
    }
    return stillHolds;
  }

  private readonly isAsBefore = ({ module, name }: Change): boolean => {
    const names = this.asked.get(module);
    return names?.has(name) !== true || holds(module, name, names.get(name));
  };

  private allHold(): boolean {
    for (const [module, names] of this.asked) {
      for (const [name, value] of names) {
        if (!holds(module, name, value)) {
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

function holds(module: Module, name: string, value: Value | undefined): boolean {
  const now = module.peek(name);
  return now === value || (now !== undefined && value !== undefined && same(now, value));
}
