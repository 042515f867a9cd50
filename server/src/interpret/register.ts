/** How modules come into modules: attributes, items, names given to `add_module`. */

import { isFrozen } from './frozen';
import { keyNow, type Machine, setNext } from './machine';
import {
  constant,
  type DictionaryValue,
  type Item,
  type ListValue,
  type ModuleValue,
  newModule,
  optionsOf,
  type Site,
  textOf,
  UNKNOWN,
  union,
  type Value,
} from './values';

/** `target.name = value`. */
export function setAttribute(machine: Machine, target: Value, name: string, value: Value, site: Site): void {
  const targets = optionsOf(target);
  for (const each of targets) {
    const one = each.kind === 'builtinMethod' ? inherited(machine, each) : each;
    if (one?.kind === 'module' && !isFrozen(one)) {
      registerAttribute(machine, one, name, value, site, targets.length === 1);
      const old = one.attributes.get(name);
      const kept = machine.facts.assignedOnce(one, name) ? value : withoutConstants(value);
      one.attributes.set(name, machine.doubt > 0 && old !== undefined ? union([old, kept]) : kept);
    }
  }
}

function registerAttribute(
  machine: Machine,
  target: ModuleValue,
  name: string,
  value: Value,
  site: Site,
  only: boolean,
): void {
  const options = optionsOf(value);
  const sure = options.every((option) => option.kind === 'module' && option.plausibility === 'sure');
  if (only) {
    replace(machine, target, name, site);
  }
  for (const option of options) {
    const child = option.kind === 'module' ? option : mayBeLayer(machine, target, option);
    if (child !== null) {
      add(machine, target, name, child, site, only && sure);
    }
  }
}

/** A module of which the use must tell that it is one; null where the value is none. */
function mayBeLayer(machine: Machine, target: ModuleValue, value: Value): ModuleValue | null {
  if (value.kind === 'parameter' && value.isResult !== true) {
    return openModule('weak');
  }
  // What a function gives, and what another module has (`self.stem = backbone.stem`), is much else too.
  const mayBe = value.kind === 'parameter' || (value.kind === 'builtinMethod' && value.self.kind === 'module');
  return mayBe && target === machine.frame.self ? openModule('weakest') : null;
}

/** `target.add_module(name, value)` and what PyTorch does alike: whatever is given is a module. */
export function registerNamed(
  machine: Machine,
  target: Value,
  name: Value,
  value: Value,
  site: Site,
  certain = true,
  from?: Site,
): void {
  const names = optionsOf(name).map(textOf);
  const known = names.flatMap((one) => one ?? []);
  // Of several names it gets only one.
  const sure = certain && known.length === names.length && known.length === 1;
  for (const one of optionsOf(target)) {
    if (one.kind === 'module' && !isFrozen(one)) {
      const isNew = !one.registrations.some((other) => known.includes(other.name));
      for (const pattern of known.length > 0 ? known : ['*']) {
        registerGiven(machine, one, pattern, value, site, sure, from);
        one.attributes.set(pattern, value);
      }
      // Sequential.append names by the number of children, whatever their names.
      if (one.next !== null && (isNew || known.length !== 1)) {
        setNext(machine, one, sure && known.length === 1 ? one.next + 1 : null);
      }
    }
  }
}

/** Adds an item at the end of a list or a container. */
export function append(machine: Machine, target: ListValue | ModuleValue, value: Value, site: Site, from?: Site): void {
  const key = keyNow(machine, target);
  place(machine, target, key, value, site, machine.doubt === 0, from);
  setNext(machine, target, target.next === null ? null : target.next + 1);
}

/** Adds all items of a list, each with the place where it came in. `from` is the code that adds them. */
export function appendAll(machine: Machine, target: ListValue | ModuleValue, list: ListValue, from?: Site): void {
  const base = keyNow(machine, target);
  for (const item of [...list.items]) {
    const key = base === '*' || item.key === '*' ? '*' : base + item.key;
    // Items that came in where nobody saw, and those taken out of a module, stand where they are unpacked.
    const isFromElsewhere = item.site.span.end === 0 || (item.taken === true && item.site.code !== from?.code);
    const site = from !== undefined && isFromElsewhere ? from : item.site;
    // Whatever an open parameter holds may be nothing.
    const isOpen = item.site.span.end === 0 && item.key === '*' && isUnknown(item.value);
    place(machine, target, key, item.value, site, item.certain && !isOpen && machine.doubt === 0, from);
  }
  setNext(machine, target, target.next === null || list.next === null ? null : target.next + list.next);
}

/** Puts an item where the others move: no index is known any more. */
export function insert(
  machine: Machine,
  target: ListValue | ModuleValue,
  index: Value,
  value: Value,
  site: Site,
): void {
  if (isFrozen(target)) {
    return;
  }
  const atEnd = index.kind === 'constant' && index.value === target.next;
  if (atEnd) {
    append(machine, target, value, site);
    return;
  }
  if (target.kind === 'list') {
    target.items.splice(0, target.items.length, ...target.items.map((item): Item => ({ ...item, key: '*' })));
  } else {
    for (const [at, one] of target.registrations.entries()) {
      if (/^\d+$/.test(one.name)) {
        target.registrations[at] = { ...one, name: '*' };
      }
    }
  }
  place(machine, target, '*', value, site, machine.doubt === 0);
  setNext(machine, target, null);
}

/** Registers the entries of a dictionary. `from` is the code that does. */
export function registerAll(machine: Machine, target: ModuleValue, dictionary: DictionaryValue, from?: Site): void {
  for (const entry of [...dictionary.entries]) {
    const site = entry.site.unit === null && from !== undefined ? from : entry.site;
    registerNamed(machine, target, entry.key, entry.value, site, entry.certain, from);
  }
}

const isUnknown = (value: Value): boolean => value.kind === 'unknown' || value.kind === 'parameter';

function place(
  machine: Machine,
  target: ListValue | ModuleValue,
  key: number | '*',
  value: Value,
  site: Site,
  certain: boolean,
  from?: Site,
): void {
  if (isFrozen(target)) {
    return;
  }
  if (target.kind === 'list') {
    if (target.items.length < MAX_ITEMS) {
      target.items.push({ key, value, site, certain });
    }
  } else {
    registerGiven(machine, target, String(key), value, site, certain, from);
    target.attributes.set(String(key), value);
  }
}

/** Lists beyond this are not followed. */
const MAX_ITEMS = 2000;

function registerGiven(
  machine: Machine,
  target: ModuleValue,
  name: string,
  value: Value,
  site: Site,
  certain: boolean,
  from?: Site,
): void {
  const options = optionsOf(value);
  const mayBeNone = options.some((option) => option.kind === 'constant');
  const given = options.flatMap((option): ModuleValue[] => {
    if (option.kind === 'module') {
      return [trusted(option)];
    }
    return option.kind === 'constant' || option.kind === 'text' || option.kind === 'list' ? [] : [openModule('sure')];
  });
  const inContainer = machine.facts.container(target) !== null;
  const places = given.map((one) => (inContainer ? placeOf(one, site, from) : { site, certain: true }));
  // Of several that were built in several places it is one.
  const isOnePlace = places.every((place) => place.site.span.start === places[0]?.site.span.start);
  if (certain) {
    replace(machine, target, name, site);
  }
  for (const [index, one] of given.entries()) {
    const place = places[index] ?? { site, certain: true };
    add(machine, target, name, one, place.site, certain && place.certain && isOnePlace && !mayBeNone);
  }
}

/** What surely had the name before is no layer of the finished model. */
function replace(machine: Machine, target: ModuleValue, name: string, site: Site): void {
  if (machine.doubt > 0 || name.includes('*') || isFrozen(target)) {
    return;
  }
  for (const registration of target.registrations) {
    const isSamePlace = registration.site.unit === site.unit && registration.site.span.start === site.span.start;
    if (registration.name === name && !isSamePlace) {
      registration.certain = false;
    }
  }
}

/**
 * An item given by a name stands where that was built: `stage = Stage(...)`, then `stages.append(stage)`. What this code did not build
 * stands where it is registered.
 */
function placeOf(child: ModuleValue, site: Site, from: Site | undefined): { site: Site; certain: boolean } {
  const { expression } = site;
  const made = expression?.kind === 'name' ? child.made.find((one) => one.site.code === site.code) : undefined;
  const isGiven = expression?.kind === 'name' || expression?.kind === 'attribute' || expression?.kind === 'subscript';
  return made ?? { site: isGiven && from !== undefined ? from : site, certain: true };
}

/** A container takes modules only, so what looked like one is one. */
function trusted(module: ModuleValue): ModuleValue {
  return module.plausibility === 'sure' ? module : { ...module, plausibility: 'sure' };
}

function add(
  machine: Machine,
  target: ModuleValue,
  name: string,
  child: ModuleValue,
  site: Site,
  certain: boolean,
): void {
  if (child !== target && !isFrozen(target) && target.registrations.length < MAX_ITEMS) {
    target.registrations.push({ name, child, site, certain: certain && machine.doubt === 0 });
  }
}

/** The module that a base which is not in the file may have registered under a name; null where all bases are known. */
export function inherited(machine: Machine, member: Extract<Value, { kind: 'builtinMethod' }>): ModuleValue | null {
  const { self, name } = member;
  if (self.kind !== 'module' || self.of === null || !machine.facts.hasUnseenBase(self.of)) {
    return null;
  }
  const child: ModuleValue = { ...openModule('weak'), next: null };
  const site: Site = { span: { start: 0, end: 0 }, unit: null, expression: null, owner: null, code: null };
  self.registrations.push({ name, child, site, certain: false, elsewhere: true });
  self.attributes.set(name, child);
  return child;
}

/** A module of which nothing is known. */
export function openModule(plausibility: ModuleValue['plausibility']): ModuleValue {
  return newModule({ of: null, external: null, plausibility });
}

function withoutConstants(value: Value): Value {
  return union(optionsOf(value).map((one) => (one.kind === 'constant' && one.value !== null ? UNKNOWN : one)));
}

/** False for modules whose items are surely no modules, as those of a ParameterDict. */
export function takesItems(machine: Machine, module: ModuleValue): boolean {
  return (
    module.plausibility !== 'sure' ||
    machine.facts.container(module) !== null ||
    (module.of !== null && machine.facts.hasUnseenBase(module.of))
  );
}

export function indexKey(value: Value): Value {
  return value.kind === 'constant' && typeof value.value === 'number' ? constant(String(value.value)) : value;
}
