/** Giving names, attributes and items their values, and taking them away. */

import type { Expression, Statement } from '../syntax/python/ast';
import { evaluate } from './evaluate';
import { isFrozen } from './frozen';
import { callFunction, methodValue } from './functions';
import { anyItem, elementsOf, exactItems } from './iterate';
import { type Machine, setNext, siteOf } from './machine';
import { binary } from './operators';
import { appendAll, indexKey, registerAll, registerNamed, setAttribute, takesItems } from './register';
import { type ArgumentValue, optionsOf, type Site, textOf, UNKNOWN, type Value } from './values';

const NOWHERE: Expression = { start: 0, end: 0, kind: 'other', parts: [] };

/** `targets = value`, where `at` is the whole statement. */
export function assign(machine: Machine, targets: readonly Expression[], value: Expression, at: Statement): void {
  const site: Site = siteOf(machine, at, value);
  // `self.a, self.b = nn.A(), nn.B()`: each name has its own constructor.
  const [only] = targets;
  if (
    targets.length === 1 &&
    only?.kind === 'sequence' &&
    value.kind === 'sequence' &&
    only.items.length === value.items.length &&
    ![...only.items, ...value.items].some((one) => one.kind === 'starred')
  ) {
    const values = value.items.map((item) => evaluate(machine, item));
    for (const [index, target] of only.items.entries()) {
      bind(machine, target, values[index] ?? UNKNOWN, { ...site, expression: value.items[index] ?? null });
    }
    return;
  }
  const result = evaluate(machine, value);
  for (const target of targets) {
    bind(machine, target, result, site);
  }
}

/** Gives a target its value: a name, an attribute, an item, or several of them. */
export function bind(machine: Machine, target: Expression, value: Value, site?: Site): void {
  const place = site ?? siteOf(machine, target, null);
  switch (target.kind) {
    case 'name':
      machine.frame.scope.names.set(target.name, value);
      return;
    case 'attribute':
      setAttribute(machine, evaluate(machine, target.object), target.name, value, place);
      return;
    case 'subscript': {
      const object = evaluate(machine, target.object);
      const [index] = target.indices;
      const key = index === undefined ? UNKNOWN : evaluate(machine, index);
      for (const option of optionsOf(object)) {
        setItem(machine, option, key, value, place);
      }
      return;
    }
    case 'sequence': {
      const list = elementsOf(value);
      const exact = exactItems(list);
      for (const [index, one] of target.items.entries()) {
        const item = exact === null ? null : (exact[index]?.value ?? UNKNOWN);
        const inner = one.kind === 'starred' ? one.value : one;
        bind(machine, inner, one.kind === 'starred' ? UNKNOWN : (item ?? anyItem(list)), {
          ...place,
          expression: null,
        });
      }
      return;
    }
    default:
      return;
  }
}

function setItem(machine: Machine, object: Value, key: Value, value: Value, site: Site): void {
  if (object.kind === 'module') {
    const found = object.of === null ? null : machine.facts.method(object.of, '__setitem__');
    if (found !== null) {
      const args = [key, value].map(
        (one): ArgumentValue => ({ name: null, stars: 0, value: one, expression: site.expression ?? NOWHERE }),
      );
      callFunction(machine, methodValue(object, found.owner, found.node), args);
    } else if (takesItems(machine, object)) registerNamed(machine, object, indexKey(key), value, site);
  } else if (object.kind === 'builtinMethod' && object.name === '_modules') {
    registerNamed(machine, object.self, indexKey(key), value, site);
  } else if (object.kind === 'dictionary' && !isFrozen(object)) {
    object.entries.push({ key, value, site, certain: machine.doubt === 0 });
  } else if (object.kind === 'list' && !isFrozen(object)) {
    const index =
      key.kind === 'constant' && typeof key.value === 'number' && key.value >= 0 && machine.repeat === 0
        ? key.value
        : '*';
    object.items.push({ key: index, value, site, certain: machine.doubt === 0 });
  }
}

/** `target += value` */
export function augment(machine: Machine, statement: Extract<Statement, { kind: 'augment' }>): void {
  const value = evaluate(machine, statement.value);
  const before = evaluate(machine, statement.target);
  const operator = statement.operator.replace(/=$/, '');
  let changed = false;
  for (const option of optionsOf(before)) {
    if (operator === '+' && option.kind === 'list') {
      appendAll(machine, option, elementsOf(value), siteOf(machine, statement.value, null));
      changed = true;
    } else if (operator === '+' && option.kind === 'module') {
      appendAll(machine, option, elementsOf(value), siteOf(machine, statement, null));
      changed = true;
    } else if (operator === '|' && option.kind === 'module' && value.kind === 'dictionary') {
      registerAll(machine, option, value, siteOf(machine, statement, null));
      changed = true;
    }
  }
  if (!changed) {
    bind(machine, statement.target, binary(machine, operator, before, value), siteOf(machine, statement, null));
  }
}

/** `del target` */
export function remove(machine: Machine, target: Expression): void {
  if (target.kind === 'name') {
    machine.frame.scope.names.delete(target.name);
  } else if (target.kind === 'attribute') {
    forget(evaluate(machine, target.object), target.name);
  } else if (target.kind === 'subscript') {
    const [index] = target.indices;
    const key = index === undefined ? UNKNOWN : evaluate(machine, index);
    for (const option of optionsOf(evaluate(machine, target.object))) {
      forget(option, textOf(indexKey(key)) ?? '*');
      if (option.kind === 'module' || option.kind === 'list') {
        setNext(machine, option, null);
      }
    }
  }
}

/** What was deleted may not be there at the end. */
function forget(object: Value, name: string): void {
  for (const option of optionsOf(object)) {
    if (option.kind === 'module' && !isFrozen(option)) {
      for (const registration of option.registrations) {
        // What stands behind a deleted item moves up.
        const moves = /^\d+$/.test(name) && /^\d+$/.test(registration.name) && Number(registration.name) > Number(name);
        if (registration.name === name || name === '*' || moves) {
          registration.certain = false;
        }
      }
    }
  }
}
