/** What loops run over. */

import { type Machine, newList } from './machine';

import {
  constant,
  type Item,
  type ListValue,
  newModule,
  optionsOf,
  type Site,
  UNKNOWN,
  union,
  type Value,
} from './values';

/** Literal lists up to this length are run item by item. */
export const MAX_UNROLLED = 40;

const NOWHERE: Site = { span: { start: 0, end: 0 }, unit: null, expression: null, owner: null, code: null };

/** The items of an iterable as a list: those of an unknown one are one unknown item at `*`. */
export function elementsOf(value: Value): ListValue {
  switch (value.kind) {
    case 'list':
      return value;
    case 'dictionary': {
      const items = value.entries.map(
        (entry, key): Item => ({ key, value: entry.key, certain: entry.certain, site: entry.site }),
      );
      return { kind: 'list', items, next: items.length };
    }
    case 'module': {
      if (value.plausibility !== 'sure' && value.registrations.length === 0) {
        // `pool, head = make_head(...)`: a function elsewhere may give several modules.
        const { external, plausibility } = value;
        return repeated(newModule({ of: null, external, plausibility }), null);
      }
      if (value.of !== null && value.registrations.length === 0) {
        // Its class has layers, but its code did not run here.
        const child = newModule({ of: null, external: null, plausibility: 'maybe' });
        return { kind: 'list', items: [{ key: '*', value: child, site: NOWHERE, certain: false }], next: null };
      }
      const children = value.registrations.map(
        (one): Item => ({ key: '*', value: one.child, site: one.site, certain: one.certain, taken: true }),
      );
      return { kind: 'list', items: children, next: null };
    }
    case 'union':
      return {
        kind: 'list',
        items: optionsOf(value).flatMap((one) =>
          elementsOf(one).items.map((item) => ({ ...item, key: '*' as const, certain: false })),
        ),
        next: null,
      };
    case 'parameter':
      return repeated({ ...value, name: `${value.name}[]` }, null);
    default:
      return repeated(UNKNOWN, null);
  }
}

/** A list of `count` equal items, of which none is told apart. Where that is not certain there may be none. */
export function repeated(value: Value, count: number | null, certain = true): ListValue {
  return { kind: 'list', items: count === 0 ? [] : [{ key: '*', value, site: NOWHERE, certain }], next: count };
}

/** True where each item of what is looped over may be missing, so that the loop may not run. */
export function mayNotRun(source: Value, list: ListValue): boolean {
  return source.kind === 'list' && list.items.every((item) => !item.certain);
}

export function listOf(
  machine: Machine,
  values: readonly { value: Value; certain?: boolean; site?: Site | undefined }[],
): ListValue {
  const list = newList(machine);
  for (const [index, one] of values.entries()) {
    list.items.push({ key: index, value: one.value, site: one.site ?? NOWHERE, certain: one.certain ?? true });
  }
  list.next = values.length;
  return list;
}

/** The items in order where all are known; null where one stands for many or may be missing. */
export function exactItems(list: ListValue): readonly Item[] | null {
  const exact =
    list.next === list.items.length &&
    list.items.length <= MAX_UNROLLED &&
    list.items.every((item, index) => item.key === index && item.certain);
  return exact ? list.items : null;
}

/** What an item may be, where the items are not told apart. */
export function anyItem(list: ListValue): Value {
  return list.items.length === 0 ? UNKNOWN : union(list.items.map((item) => item.value));
}

/** `zip(a, b)` and, with a running index in front, `enumerate(a)`. */
export function zipped(machine: Machine, lists: readonly ListValue[]): ListValue {
  const exact = lists.map(exactItems);
  const length = Math.min(...exact.map((items) => items?.length ?? Number.POSITIVE_INFINITY));
  if (lists.length > 0 && exact.every((items) => items !== null)) {
    return listOf(
      machine,
      Array.from({ length }, (_, index) => ({
        value: listOf(
          machine,
          exact.map((items) => ({ value: items?.[index]?.value ?? UNKNOWN })),
        ),
      })),
    );
  }
  if (Number.isFinite(length)) {
    // One list tells the items apart; the others may be shorter.
    const rows = Array.from({ length }, (_, index) =>
      listOf(
        machine,
        lists.map((list, at) => ({ value: exact[at]?.[index]?.value ?? anyItem(list) })),
      ),
    );
    return listOf(
      machine,
      rows.map((value) => ({ value })),
    );
  }
  const [first, ...others] = lists.map((list) => list.next);
  return repeated(
    listOf(
      machine,
      lists.map((list) => ({ value: anyItem(list) })),
    ),
    first !== undefined && others.every((next) => next === first) ? first : null,
  );
}

export function enumerated(machine: Machine, list: ListValue, start: Value): ListValue {
  const from = start.kind === 'constant' && typeof start.value === 'number' ? start.value : null;
  const items = exactItems(list);
  if (items !== null && from !== null) {
    return listOf(
      machine,
      items.map((item, index) => ({
        value: listOf(machine, [{ value: constant(from + index) }, { value: item.value }]),
      })),
    );
  }
  return repeated(listOf(machine, [{ value: UNKNOWN }, { value: anyItem(list) }]), list.next, !mayNotRun(list, list));
}
