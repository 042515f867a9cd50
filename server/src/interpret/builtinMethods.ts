/** Methods that come from Python's containers and from torch.nn.Module. */

import type { Expression } from '../syntax/python/ast';
import { extend, fillContainer } from './construct';
import { isFrozen } from './frozen';
import { spread } from './functions';
import { anyItem, elementsOf, listOf } from './iterate';
import { type Machine, setNext, siteOf } from './machine';
import { append, appendAll, insert, openModule, registerNamed, takesItems } from './register';
import { elementAt } from './subscript';
import { formatted, joined, shown } from './text';
import {
  type ArgumentValue,
  constant,
  type DictionaryValue,
  type ListValue,
  type ModuleValue,
  optionsOf,
  type Site,
  textOf,
  UNKNOWN,
  type Value,
} from './values';

/** Methods of torch.nn.Module that give the module itself. */
const GIVES_ITSELF = new Set([
  'to',
  'cuda',
  'cpu',
  'eval',
  'train',
  'half',
  'float',
  'double',
  'bfloat16',
  'type',
  'requires_grad_',
  'apply',
  'share_memory',
  'to_empty',
  'xpu',
  'ipu',
]);

export function builtinMethod(
  machine: Machine,
  self: Value,
  name: string,
  args: readonly ArgumentValue[],
  expression: Expression,
): Value {
  const [first] = args;
  const site = siteOf(machine, machine.statement ?? expression, first?.expression ?? null);
  switch (self.kind) {
    case 'list':
      return isFrozen(self) && CHANGES.has(name)
        ? changedFrozen(self, name)
        : listMethod(machine, self, name, args, site);
    case 'dictionary':
      return dictionaryMethod(machine, self, name === 'update' && isFrozen(self) ? '' : name, args);
    case 'module':
      return moduleMethod(machine, self, name, args, site, expression);
    case 'constant':
    case 'text':
      return textMethod(textOf(self) ?? '*', name, args);
    default:
      return UNKNOWN;
  }
}

/** Methods that change a list. */
const CHANGES = new Set(['append', 'extend', 'insert', 'pop', 'clear', 'reverse', 'remove', 'sort']);

/** A list that the module's code made stays as it is; `pop` gives what an item may be. */
function changedFrozen(list: ListValue, name: string): Value {
  return name === 'pop' ? anyItem(list) : UNKNOWN;
}

function listMethod(
  machine: Machine,
  list: ListValue,
  name: string,
  args: readonly ArgumentValue[],
  site: Site,
): Value {
  const [first, second] = args;
  if (first !== undefined) {
    if (name === 'append') {
      append(machine, list, first.value, site);
    } else if (name === 'extend') {
      appendAll(machine, list, elementsOf(first.value), siteOf(machine, first.expression, null));
    } else if (name === 'insert' && second !== undefined) {
      insert(machine, list, first.value, second.value, { ...site, expression: second.expression });
    }
  }
  if (name === 'pop') {
    return popped(machine, list, first?.value);
  }
  if (name === 'clear' && machine.doubt === 0) {
    list.items.length = 0;
    setNext(machine, list, 0);
  }
  if (name === 'reverse' || name === 'remove' || name === 'sort') {
    list.items.splice(0, list.items.length, ...list.items.map((item) => ({ ...item, key: '*' as const })));
    setNext(machine, list, name === 'remove' ? null : list.next);
  }
  return name === 'copy' ? { ...list, items: [...list.items] } : UNKNOWN;
}

function popped(machine: Machine, list: ListValue, index: Value | undefined): Value {
  const last = list.items.at(-1);
  const value = last === undefined ? UNKNOWN : index === undefined ? last.value : elementAt(list, index);
  if (index === undefined && machine.doubt === 0 && machine.repeat === 0 && last !== undefined && last.key !== '*') {
    list.items.pop();
    setNext(machine, list, list.next === null ? null : list.next - 1);
  } else {
    list.items.splice(
      0,
      list.items.length,
      ...list.items.map((item) => ({ ...item, key: '*' as const, certain: false })),
    );
    setNext(machine, list, null);
  }
  return value;
}

function dictionaryMethod(
  machine: Machine,
  dictionary: DictionaryValue,
  name: string,
  args: readonly ArgumentValue[],
): Value {
  const [first, second] = args;
  switch (name) {
    case 'items':
      return listOf(
        machine,
        dictionary.entries.map((entry) => ({
          value: listOf(machine, [{ value: entry.key }, { value: entry.value, site: entry.site }]),
          certain: entry.certain,
        })),
      );
    case 'values':
      return listOf(
        machine,
        dictionary.entries.map((entry) => ({ value: entry.value, site: entry.site, certain: entry.certain })),
      );
    case 'keys':
      return listOf(
        machine,
        dictionary.entries.map((entry) => ({ value: entry.key, certain: entry.certain })),
      );
    case 'get':
      return first === undefined
        ? UNKNOWN
        : {
            kind: 'union',
            options: [elementAt(dictionary, first.value), ...optionsOf(second?.value ?? UNKNOWN)],
          };
    case 'pop':
      return first === undefined ? UNKNOWN : elementAt(dictionary, first.value);
    case 'update':
      if (first?.value.kind === 'dictionary') {
        dictionary.entries.push(...first.value.entries);
      }
      for (const argument of args) {
        if (argument.name !== null) {
          dictionary.entries.push({
            key: constant(argument.name),
            value: argument.value,
            site: siteOf(machine, argument.expression, argument.expression),
            certain: machine.doubt === 0,
          });
        }
      }
      return UNKNOWN;
    case 'copy':
      return { kind: 'dictionary', entries: [...dictionary.entries] };
    default:
      return UNKNOWN;
  }
}

function moduleMethod(
  machine: Machine,
  module: ModuleValue,
  name: string,
  args: readonly ArgumentValue[],
  site: Site,
  expression: Expression,
): Value {
  // What a base elsewhere registered may be a container.
  const container =
    machine.facts.container(module) ?? (module.next === null && module.plausibility === 'weak' ? 'ModuleList' : null);
  const { positional, named } = spread(args);
  const [first, second] = positional;
  if (GIVES_ITSELF.has(name)) {
    return module;
  }
  switch (name) {
    case '__init__':
      if (container !== null) {
        fillContainer(machine, module, container, args, expression);
      }
      return UNKNOWN;
    case 'add_module':
    case 'register_module': {
      const key = first ?? named.get('name');
      const value = second ?? named.get('module');
      const expression = args[1]?.expression ?? null;
      if (key !== undefined && value !== undefined) {
        registerNamed(machine, module, key, value, { ...site, expression });
      }
      return UNKNOWN;
    }
    case '__setitem__':
    case '__setattr__':
      if (first !== undefined && second !== undefined && (name === '__setattr__' || takesItems(machine, module))) {
        registerNamed(
          machine,
          module,
          textOf(first) === null && first.kind === 'constant' ? constant(shown(first)) : first,
          second,
          { ...site, expression: args[1]?.expression ?? null },
        );
      }
      return UNKNOWN;
    case 'append':
      if (first !== undefined && container !== null) {
        append(machine, module, first, site);
      }
      return module;
    case 'insert':
      if (first !== undefined && second !== undefined && container !== null) {
        insert(machine, module, first, second, { ...site, expression: args[1]?.expression ?? null });
      }
      return module;
    case 'extend':
    case 'update':
      if (container !== null) {
        for (const argument of args) {
          if (argument.name !== null) {
            registerNamed(
              machine,
              module,
              constant(argument.name),
              argument.value,
              siteOf(machine, argument.expression, argument.expression),
            );
          } else {
            extend(machine, module, argument.value, { ...site, expression: null });
          }
        }
      }
      return module;
    case 'children':
    case 'modules':
    case 'values':
      return { kind: 'list', items: elementsOf(module).items, next: null };
    case 'named_children':
    case 'named_modules':
    case 'items':
      return {
        kind: 'list',
        items: elementsOf(module).items.map((item) => ({
          ...item,
          value: listOf(machine, [{ value: UNKNOWN }, { value: item.value }]),
        })),
        next: null,
      };
    case 'get_submodule':
      return openModule('weak');
    case 'pop':
      setNext(machine, module, null);
      return anyItem(elementsOf(module));
    default:
      // A method of a class that is not in this file may give a module; the use tells.
      return module.plausibility === 'sure' && module.of === null ? UNKNOWN : openModule('weak');
  }
}

function textMethod(text: string, name: string, args: readonly ArgumentValue[]): Value {
  const { positional, named } = spread(args);
  if (name === 'format') {
    return formatted(text, positional, named);
  }
  if (name === 'join') {
    const list = positional[0] === undefined ? null : elementsOf(positional[0]);
    const parts = list?.items.map((item) => shown(item.value)) ?? ['*'];
    return joined([list?.items.every((item) => item.key !== '*') === true ? parts.join(text) : '*']);
  }
  return UNKNOWN;
}
