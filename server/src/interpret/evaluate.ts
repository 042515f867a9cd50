/** Expressions to values. */

import type { Expression } from '../syntax/python/ast';
import { getAttribute } from './attributes';
import { call } from './calls';
import { comprehension } from './comprehension';
import { externalValue } from './imports';
import { elementsOf } from './iterate';
import { lookup } from './lookup';
import { alternatives, type Machine, newList, siteOf, spend } from './machine';
import { binary } from './operators';
import { append, appendAll } from './register';
import { subscript } from './subscript';
import { joined, shown } from './text';
import { isKnownPackage } from './torchNames';
import { compared, truth } from './truth';
import { constant, type DictionaryValue, moduleOf, optionsOf, UNKNOWN, union, type Value } from './values';

export function evaluate(machine: Machine, expression: Expression): Value {
  if (!spend(machine)) {
    return UNKNOWN;
  }
  switch (expression.kind) {
    case 'name':
      return lookup(machine, machine.frame.scope, expression.name) ?? unboundName(machine, expression.name);
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
        unit: machine.frame.unit,
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
  const module = moduleOf(machine.frame.scope);
  const starred = module?.starred ?? [];
  const torch = starred.map((path) => externalValue(`${path}.${name}`, null)).find((value) => value.kind === 'class');
  // A star import that could be read does not have the name.
  const open = starred.find(
    (path) => !isKnownPackage(path) && module !== null && machine.program.sources.resolve(path, module.file) === null,
  );
  return (
    torch ?? {
      kind: 'external',
      path: open !== undefined && /^[A-Z]/.test(name) ? `${open}.${name}` : `builtins.${name}`,
      from: null,
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
