/** What a name stands for where code runs. */

import type { Machine } from './machine';
import type { Scope, Value } from './values';

/** Null where no scope has the name. An imported name is followed into the file that defines it, as far as that can be read. */
export function lookup(machine: Machine, scope: Scope, name: string): Value | null {
  for (let at: Scope | null = scope; at !== null; at = at.parent) {
    if (at.module !== null) {
      return machine.program.read(at.module, name) ?? null;
    }
    const value = at.names.get(name);
    if (value !== undefined) {
      return value.kind === 'external' ? machine.program.follow(value) : value;
    }
  }
  return null;
}
