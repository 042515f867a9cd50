/** Containers that the code of a module made: what runs later does not change them, so that nothing hangs on what ran before. */

import type { DictionaryValue, ListValue, ModuleValue, Value } from './values';

type Changeable = ListValue | DictionaryValue | ModuleValue;

const frozen = new WeakSet<Changeable>();

/** Freezes a value and all that it holds. */
export function freeze(value: Value): void {
  switch (value.kind) {
    case 'list':
      if (!frozen.has(value)) {
        frozen.add(value);
        for (const item of value.items) {
          freeze(item.value);
        }
      }
      return;
    case 'dictionary':
      if (!frozen.has(value)) {
        frozen.add(value);
        for (const entry of value.entries) {
          freeze(entry.value);
        }
      }
      return;
    case 'module':
      if (!frozen.has(value)) {
        frozen.add(value);
        for (const one of value.registrations) {
          freeze(one.child);
        }
        for (const attribute of value.attributes.values()) {
          freeze(attribute);
        }
      }
      return;
    case 'union':
      value.options.forEach(freeze);
      return;
    default:
      return;
  }
}

export function isFrozen(value: Changeable): boolean {
  return frozen.has(value);
}
