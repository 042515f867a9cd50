/** Expressions to values. */

import type { Expression } from '../python/ast';
import { getAttribute } from './attributes';
import { call } from './calls';
import { comprehension } from './comprehension';
import { externalValue } from './imports';
import { elementsOf } from './iterate';
import { alternatives, type Machine, newList, siteOf, spend } from './machine';
import { append, appendAll, openModule } from './register';
import { concatenated, joined, percent, shown } from './text';
import { isKnownPackage } from './torchNames';
import { compared, truth } from './truth';
import {
  constant,
  type DictionaryValue,
  lookup,
  type ModuleValue,
  optionsOf,
  textOf,
  UNKNOWN,
  union,
  type Value,
} from './values';

export function evaluate(machine: Machine, expression: Expression): Value {
  if (!spend(machine)) {
    return UNKNOWN;
  }
  switch (expression.kind) {
    case 'name':
      return lookup(machine.frame.scope, expression.name) ?? unboundName(machine, expression.name);
    case 'attribute':
      return getAttribute(machine, evaluate(machine, expression.object), expression.name);
    case 'call':
      return call(machine, expression);
    case 'subscript':
      return subscript(machine, evaluate(machine, expression.object), expression.indices);
    case 'string':
      return joined(expression.parts.map((part) => (typeof part === 'string' ? part : shown(evaluate(machine, part)))));
    case 'number':
    case 'constant':
      return constant(expression.value);
    case 'sequence': {
      const list = newList(machine);
      for (const item of expression.items) {
        if (item.kind === 'starred') {
          appendAll(machine, list, elementsOf(evaluate(machine, item.value)), siteOf(machine, item, null));
        } else {
          append(machine, list, evaluate(machine, item), siteOf(machine, item, item));
        }
      }
      return list;
    }
    case 'starred':
      evaluate(machine, expression.value);
      return UNKNOWN;
    case 'dictionary': {
      const dictionary: DictionaryValue = { kind: 'dictionary', entries: [] };
      for (const { key, value } of expression.entries) {
        const entry = evaluate(machine, value);
        if (key !== null) {
          const site = { ...siteOf(machine, value, value), span: { start: key.start, end: value.end } };
          dictionary.entries.push({ key: evaluate(machine, key), value: entry, site, certain: machine.doubt === 0 });
        } else if (entry.kind === 'dictionary') {
          dictionary.entries.push(...entry.entries);
        }
      }
      return dictionary;
    }
    case 'comprehension':
      return comprehension(machine, expression);
    case 'conditional': {
      const known = truth(evaluate(machine, expression.condition));
      if (known !== null) {
        return evaluate(machine, known ? expression.then : expression.otherwise);
      }
      return eitherOf(machine, [
        () => evaluate(machine, expression.then),
        () => evaluate(machine, expression.otherwise),
      ]);
    }
    case 'boolean': {
      const left = evaluate(machine, expression.left);
      const known = truth(left);
      const stops = expression.operator === 'or';
      if (known === stops) {
        return left;
      }
      if (known === !stops) {
        return evaluate(machine, expression.right);
      }
      const right = eitherOf(machine, [() => evaluate(machine, expression.right)]);
      return union([...optionsOf(left).filter((one) => truth(one) !== !stops), right]);
    }
    case 'not': {
      const known = truth(evaluate(machine, expression.value));
      return known === null ? UNKNOWN : constant(!known);
    }
    case 'comparison':
      return compared(
        expression.operators,
        expression.operands.map((one) => evaluate(machine, one)),
      );
    case 'binary':
      return binary(
        machine,
        expression.operator,
        evaluate(machine, expression.left),
        evaluate(machine, expression.right),
      );
    case 'unary': {
      const value = evaluate(machine, expression.value);
      const minus = expression.operator === '-' && value.kind === 'constant' && typeof value.value === 'number';
      return minus ? constant(-Number(value.value)) : UNKNOWN;
    }
    case 'lambda':
      return {
        kind: 'function',
        name: '<lambda>',
        parameters: expression.parameters,
        body: expression.body,
        scope: machine.frame.scope,
        owner: machine.frame.owner,
        node: null,
      };
    case 'walrus': {
      const value = evaluate(machine, expression.value);
      machine.frame.scope.names.set(expression.name, value);
      return value;
    }
    case 'await':
      return evaluate(machine, expression.value);
    case 'yield': {
      const { yields } = machine.frame;
      if (expression.value !== null) {
        const value = evaluate(machine, expression.value);
        if (expression.from) {
          appendAll(machine, yields, elementsOf(value));
        } else {
          append(machine, yields, value, siteOf(machine, expression.value, expression.value));
        }
      }
      return UNKNOWN;
    }
    case 'slice':
      return UNKNOWN;
    case 'other':
      for (const part of expression.parts) {
        evaluate(machine, part);
      }
      return UNKNOWN;
  }
}

/** A builtin, or what a star import may have brought. */
function unboundName(machine: Machine, name: string): Value {
  const torch = machine.starred
    .map((module) => externalValue(`${module}.${name}`))
    .find((value) => value.kind === 'class');
  const open = machine.starred.find((module) => !module.startsWith('torch.'));
  return (
    torch ?? {
      kind: 'external',
      path: open !== undefined && /^[A-Z]/.test(name) ? `${open}.${name}` : `builtins.${name}`,
    }
  );
}

/** The union of values of which one is computed. */
function eitherOf(machine: Machine, ways: readonly (() => Value)[]): Value {
  const values: Value[] = [];
  alternatives(
    machine,
    ways.map((way) => () => {
      values.push(way());
      return false;
    }),
  );
  return union(values);
}

/** `a op b`. */
export function binary(machine: Machine, operator: string, left: Value, right: Value): Value {
  const text = textOf(left);
  if (operator === '%' && text !== null) {
    return percent(text, right);
  }
  if (operator === '+') {
    if (left.kind === 'list' && right.kind === 'list') {
      const list = newList(machine);
      appendAll(machine, list, left);
      appendAll(machine, list, right);
      return list;
    }
    const sum = concatenated(left, right);
    if (sum !== null) {
      return sum;
    }
  }
  if (operator === '*') {
    const [list, times] = left.kind === 'list' ? [left, right] : [right, left];
    if (list.kind === 'list') {
      const count = times.kind === 'constant' && typeof times.value === 'number' ? times.value : null;
      const repeated = newList(machine);
      if (count === 1) {
        appendAll(machine, repeated, list);
      } else if (count !== 0) {
        repeated.items.push(...list.items.map((item) => ({ ...item, key: '*' as const })));
        repeated.next = count === null || list.next === null ? null : count * list.next;
      }
      return repeated;
    }
  }
  return arithmetic(operator, left, right);
}

function arithmetic(operator: string, left: Value, right: Value): Value {
  if (
    left.kind !== 'constant' ||
    right.kind !== 'constant' ||
    typeof left.value !== 'number' ||
    typeof right.value !== 'number'
  ) {
    return UNKNOWN;
  }
  const [a, b] = [left.value, right.value];
  switch (operator) {
    case '+':
      return constant(a + b);
    case '-':
      return constant(a - b);
    case '*':
      return constant(a * b);
    case '//':
      return b === 0 ? UNKNOWN : constant(Math.floor(a / b));
    case '/':
      return b === 0 ? UNKNOWN : constant(a / b);
    case '%':
      return b === 0 ? UNKNOWN : constant(a - Math.floor(a / b) * b);
    case '**':
      return constant(a ** b);
    default:
      return UNKNOWN;
  }
}

function subscript(machine: Machine, object: Value, indices: readonly Expression[]): Value {
  const [index] = indices;
  if (index === undefined) {
    return UNKNOWN;
  }
  const key = evaluate(machine, index);
  return union(optionsOf(object).map((one) => elementAt(one, key, index.kind === 'slice')));
}

/** `object[key]`. */
export function elementAt(object: Value, key: Value, slice = false): Value {
  switch (object.kind) {
    case 'list': {
      if (slice) {
        return { ...object, items: object.items.map((item) => ({ ...item, key: '*' as const })), next: null };
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
      return at.length === 0 || (text === null && object.entries.length > 12)
        ? UNKNOWN
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
    case 'parameter':
      return { kind: 'parameter', name: `${object.name}[]` };
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
