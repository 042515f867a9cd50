/** `object[key]`. */

import type { Expression, Span } from '../syntax/python/ast';
import { evaluate } from './evaluate';
import { elementsOf } from './iterate';
import { type Machine, siteOf } from './machine';
import { appendAll, openModule } from './register';
import { isKnownPackage } from './torchNames';
import { type ModuleValue, newModule, optionsOf, result, textOf, UNKNOWN, union, type Value } from './values';

export function subscript(machine: Machine, object: Value, indices: readonly Expression[]): Value {
  const [index] = indices;
  if (index === undefined) {
    return UNKNOWN;
  }
  const key = evaluate(machine, index);
  return union(
    optionsOf(object).map((one) =>
      one.kind === 'module' && index.kind === 'slice' && machine.facts.container(one) !== null
        ? sliceOf(machine, one, index)
        : elementAt(one, key, index.kind === 'slice'),
    ),
  );
}

/** `features[:5]` of a container is a container that holds the same modules; which of them is not known. */
function sliceOf(machine: Machine, module: ModuleValue, at: Span): ModuleValue {
  const external = machine.facts.container(module);
  const slice = newModule({ of: null, external: `torch.nn.${external}`, plausibility: 'sure' });
  const items = elementsOf(module).items.map((item) => ({ ...item, certain: false }));
  appendAll(machine, slice, { kind: 'list', items, next: null }, siteOf(machine, at, null));
  return slice;
}

/** `object[key]`. */
export function elementAt(object: Value, key: Value, slice = false): Value {
  switch (object.kind) {
    case 'list': {
      if (slice) {
        // Which of them it has is not known.
        const items = object.items.map((item) => ({ ...item, key: '*' as const, certain: false }));
        return { ...object, items, next: null };
      }
      const exact = exactIndex(key, object.next);
      const at = object.items.filter((item) => exact === null || item.key === exact || item.key === '*');
      return at.length === 0 ? UNKNOWN : union(at.map((item) => item.value));
    }
    case 'dictionary': {
      const text = textOf(key);
      const exact = key.kind === 'constant';
      const at = object.entries.filter(
        (entry) => !exact || entry.key.kind !== 'constant' || entry.key.value === key.value,
      );
      // What decorators and other code put into a table is not seen.
      return at.length === 0 || (text === null && object.entries.length > 12)
        ? result('[]')
        : union(at.map((entry) => entry.value));
    }
    case 'module':
      return itemOf(object, slice ? UNKNOWN : key);
    case 'external':
      // A generic class keeps being itself: `nn.Module[T]`; a table of another package gives what it gives.
      return /^[A-Z][a-z]/.test(object.path.slice(object.path.lastIndexOf('.') + 1))
        ? object
        : isKnownPackage(object.path)
          ? UNKNOWN
          : openModule('weak');
    case 'class':
      return object;
    case 'instance':
      // A registry: what it gives may be a class or a function that builds a layer.
      return result(`${object.of.name}[]`);
    case 'parameter':
      return { ...object, name: `${object.name}[]` };
    case 'builtinMethod':
      // Of a container that another module has.
      return object.self.kind === 'module' ? result(`${object.name}[]`) : UNKNOWN;
    default:
      return UNKNOWN;
  }
}

function itemOf(module: ModuleValue, key: Value): Value {
  const exact = exactIndex(key, module.next);
  const name = exact === null ? textOf(key) : String(exact);
  const found = module.registrations.filter((one) => name === null || one.name === name || one.name.includes('*'));
  return found.length === 0 ? openModule('weak') : union(found.map((one) => one.child));
}

function exactIndex(key: Value, length: number | null): number | null {
  if (key.kind !== 'constant' || typeof key.value !== 'number') {
    return null;
  }
  if (key.value >= 0) {
    return key.value;
  }
  return length === null ? null : length + key.value;
}
