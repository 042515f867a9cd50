/** Functions of Python's own that matter for building layers. */

import type { Expression } from '../syntax/python/ast';
import { getAttribute } from './attributes';
import { apply } from './calls';
import { spread } from './functions';
import { anyItem, elementsOf, enumerated, exactItems, listOf, MAX_UNROLLED, repeated, zipped } from './iterate';
import { type Machine, newList, siteOf } from './machine';
import { appendAll, openModule, registerNamed, setAttribute } from './register';
import { shown } from './text';
import { isKnownPackage } from './torchNames';
import {
  type ArgumentValue,
  constant,
  type DictionaryValue,
  type ListValue,
  optionsOf,
  result,
  textOf,
  textValue,
  UNKNOWN,
  type Value,
} from './values';

/** Null where the function is none of them. */
export function builtin(
  machine: Machine,
  path: string,
  args: readonly ArgumentValue[],
  expression: Expression,
): Value | null {
  const { positional, named } = spread(args);
  const [first, second, third] = positional;
  switch (path) {
    case 'builtins.super':
      return superValue(machine, first, second);
    case 'builtins.setattr':
      if (first !== undefined && second !== undefined && third !== undefined) {
        setByName(machine, first, second, third, args[2]?.expression ?? null);
      }
      return UNKNOWN;
    case 'builtins.eval':
      return result('eval()');
    case 'builtins.getattr':
      return first === undefined || second === undefined ? UNKNOWN : attributeByName(machine, first, second);
    case 'builtins.list':
    case 'builtins.tuple':
    case 'builtins.iter':
    case 'builtins.set': {
      const list = newList(machine);
      if (first !== undefined) {
        appendAll(machine, list, elementsOf(first));
      }
      return list;
    }
    case 'builtins.sorted':
    case 'builtins.reversed':
      return first === undefined ? UNKNOWN : reordered(machine, elementsOf(first), path === 'builtins.reversed');
    case 'builtins.filter':
      return second === undefined ? UNKNOWN : filtered(elementsOf(second));
    case 'builtins.dict':
    case 'collections.OrderedDict':
      return dictionaryOf(machine, first, args);
    case 'builtins.range':
      return rangeOf(machine, positional, args);
    case 'builtins.enumerate':
      return first === undefined
        ? UNKNOWN
        : enumerated(machine, elementsOf(first), second ?? named.get('start') ?? constant(0));
    case 'builtins.zip':
      return zipped(
        machine,
        positional.map((one) => elementsOf(one)),
      );
    case 'builtins.map':
      return first === undefined ? UNKNOWN : mapped(machine, first, positional.slice(1), expression);
    case 'builtins.len': {
      const count = first?.kind === 'list' || first?.kind === 'module' ? first.next : null;
      return count === null || (first?.kind === 'module' && first.of !== null) ? UNKNOWN : constant(count);
    }
    case 'builtins.str':
      return first === undefined ? constant('') : textValue(shown(first));
    case 'builtins.int':
    case 'builtins.float':
      return first?.kind === 'constant' && typeof first.value === 'number'
        ? constant(path === 'builtins.int' ? Math.trunc(first.value) : first.value)
        : UNKNOWN;
    case 'builtins.next':
      return first === undefined ? UNKNOWN : anyItem(elementsOf(first));
    case 'builtins.type':
      return first?.kind === 'module' && first.of !== null ? { kind: 'class', of: first.of, external: null } : UNKNOWN;
    case 'functools.partial': {
      const [callee, ...rest] = args;
      return callee === undefined ? UNKNOWN : { kind: 'partial', callee: callee.value, args: rest };
    }
    case 'itertools.chain': {
      const list = newList(machine);
      for (const one of positional) {
        appendAll(machine, list, elementsOf(one));
      }
      return list;
    }
    case 'itertools.repeat':
      return repeated(
        first ?? UNKNOWN,
        second?.kind === 'constant' && typeof second.value === 'number' ? second.value : null,
      );
    default:
      return null;
  }
}

function superValue(machine: Machine, first: Value | undefined, second: Value | undefined): Value {
  const self = second ?? machine.frame.self;
  const after = first?.kind === 'class' && first.of !== null ? first.of : machine.frame.owner;
  if (self === null || after === null) {
    return UNKNOWN;
  }
  const of = self.kind === 'module' || self.kind === 'instance' || self.kind === 'class' ? self.of : null;
  return of === null ? UNKNOWN : { kind: 'super', self, after, of };
}

function setByName(machine: Machine, target: Value, name: Value, value: Value, expression: Expression | null): void {
  const texts = optionsOf(name).flatMap((one) => textOf(one) ?? []);
  const site = siteOf(machine, machine.statement ?? expression ?? { start: 0, end: 0 }, expression);
  if (texts.length > 0) {
    for (const text of texts) {
      setAttribute(machine, target, text, value, site);
    }
  } else if (optionsOf(value).some((one) => one.kind === 'module' && one.plausibility === 'sure')) {
    registerNamed(machine, target, UNKNOWN, value, site, false);
  }
}

function attributeByName(machine: Machine, object: Value, name: Value): Value {
  const text = textOf(name);
  if (text !== null && !text.includes('*')) {
    return getAttribute(machine, object, text);
  }
  const isPackage = object.kind === 'external' && /^torch(\.|$)/.test(object.path);
  if (isPackage && object.path === 'torch.nn') {
    return { kind: 'class', of: null, external: 'torch.nn.Module' };
  }
  if (object.kind === 'external' && !isKnownPackage(object.path)) {
    // Of another module by a computed name: a class or a function.
    return result(`${object.path}.*`);
  }
  if (object.kind === 'module' && text !== null) {
    const matching = object.registrations.filter((one) => one.name === text);
    return matching.length === 0 ? openModule('weak') : { kind: 'union', options: matching.map((one) => one.child) };
  }
  return UNKNOWN;
}

/** The items that `filter` may leave, where one may move to another place once one before it is left out. */
function filtered(list: ListValue): ListValue {
  const items = list.items.map((item, index) => ({
    ...item,
    certain: item.certain && isSureModule(item.value),
    key: list.items.slice(0, index + 1).every((one) => isSureModule(one.value)) ? item.key : ('*' as const),
  }));
  return { kind: 'list', items, next: list.items.every((one) => isSureModule(one.value)) ? list.next : null };
}

const isSureModule = (value: Value): boolean =>
  optionsOf(value).every((one) => one.kind === 'module' && one.plausibility === 'sure');

function reordered(machine: Machine, list: ReturnType<typeof elementsOf>, backwards: boolean): Value {
  const items = exactItems(list);
  if (backwards && items !== null) {
    return listOf(
      machine,
      items.toReversed().map((item) => ({ value: item.value, site: item.site })),
    );
  }
  return { ...list, items: list.items.map((item) => ({ ...item, key: '*' as const })) };
}

/** What `dict` makes of a dictionary, of pairs and of keywords. */
export function dictionaryOf(
  machine: Machine,
  first: Value | undefined,
  args: readonly ArgumentValue[],
): DictionaryValue {
  const dictionary: DictionaryValue = { kind: 'dictionary', entries: [] };
  const certain = machine.doubt === 0;
  const sources = first === undefined ? [] : optionsOf(first);
  for (const source of sources) {
    if (source.kind === 'dictionary') {
      dictionary.entries.push(...source.entries);
    }
    for (const item of source.kind === 'list' ? source.items : []) {
      if (item.value.kind === 'list') {
        const [key, value] = item.value.items;
        if (key !== undefined && value !== undefined) {
          dictionary.entries.push({
            key: key.value,
            value: value.value,
            site: { ...item.site, expression: value.site.expression },
            certain: item.certain && sources.length === 1,
          });
        }
      }
    }
  }
  for (const argument of args) {
    if (argument.name !== null) {
      const span = { start: argument.expression.start, end: argument.expression.end };
      dictionary.entries.push({
        key: constant(argument.name),
        value: argument.value,
        site: siteOf(machine, span, argument.expression),
        certain,
      });
    } else if (argument.stars === 2 && argument.value.kind === 'dictionary') {
      dictionary.entries.push(...argument.value.entries);
    }
  }
  return dictionary;
}

/** Known bounds of a short range give its numbers one by one. */
function rangeOf(machine: Machine, bounds: readonly Value[], args: readonly ArgumentValue[]): Value {
  const known = rangeNumbers(bounds);
  if (known === null) {
    return repeated(UNKNOWN, null, !mayBeEmpty(bounds, args));
  }
  const { start, step, count } = known;
  return count > MAX_UNROLLED
    ? repeated(UNKNOWN, count)
    : listOf(
        machine,
        Array.from({ length: count }, (_, index) => ({ value: constant(start + index * step) })),
      );
}

/** `range(n - 2)` and `range(1, n - 1)` leave out the first and the last of `n`, so none may be left; nor of `extra=0`. */
function mayBeEmpty(bounds: readonly Value[], args: readonly ArgumentValue[]): boolean {
  const hasStart = bounds.length > 1;
  const [start] = hasStart ? bounds : [constant(0)];
  const stop = (hasStart ? bounds[1] : bounds[0]) ?? UNKNOWN;
  const written = args[hasStart ? 1 : 0]?.expression;
  const less =
    written?.kind === 'binary' && written.operator === '-' && written.right.kind === 'number' ? written.right.value : 0;
  const skipped = less + (start?.kind === 'constant' && typeof start.value === 'number' ? start.value : 0);
  return skipped > 1 || optionsOf(stop).some((one) => one.kind === 'constant' && one.value === 0);
}

function rangeNumbers(bounds: readonly Value[]): { start: number; step: number; count: number } | null {
  const numbers = bounds.map((bound) =>
    bound.kind === 'constant' && typeof bound.value === 'number' ? bound.value : null,
  );
  const [first, second, third] = numbers;
  if (numbers.includes(null) || first === undefined || first === null) {
    return null;
  }
  const [start, stop] = second === undefined || second === null ? [0, first] : [first, second];
  const step = third ?? 1;
  return step === 0 ? null : { start, step, count: Math.max(0, Math.ceil((stop - start) / step)) };
}

function mapped(machine: Machine, callee: Value, sources: readonly Value[], expression: Expression): Value {
  const rows = zipped(
    machine,
    sources.map((one) => elementsOf(one)),
  );
  const site = siteOf(machine, expression, expression);
  const once = (row: Value): Value =>
    apply(
      machine,
      callee,
      row.kind === 'list' ? row.items.map((item) => ({ name: null, stars: 0, value: item.value, expression })) : [],
      expression,
    );
  const items = exactItems(rows);
  if (items !== null) {
    return listOf(
      machine,
      items.map((item) => ({ value: once(item.value), site })),
    );
  }
  machine.repeat += 1;
  const value = once(anyItem(rows));
  machine.repeat -= 1;
  return { kind: 'list', items: [{ key: '*', value, site, certain: true }], next: rows.next };
}
