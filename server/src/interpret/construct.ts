/** Instances. */

import type { Span } from '../syntax/python/ast';
import { dictionaryOf } from './builtins';
import type { FileClass } from './fileClass';
import { bindArguments, callFunction, carriesModules, methodValue } from './functions';
import { elementsOf } from './iterate';
import { type Machine, newList, siteOf } from './machine';
import { append, appendAll, registerAll } from './register';
import { type Container, containerOf } from './torchNames';
import {
  type ArgumentValue,
  innerScope,
  type ModuleValue,
  newModule,
  optionsOf,
  type Site,
  type Value,
} from './values';

/** `Block(...)` for a class of the file. Its constructor runs where modules are handed over, to see where they go. */
export function construct(machine: Machine, of: FileClass, args: readonly ArgumentValue[], at: Span): Value {
  const isModule = machine.facts.isModule(of);
  if (!isModule && !(machine.facts.hasUnseenBase(of) && of.methods.has('__init__'))) {
    return { kind: 'instance', of };
  }
  // What derives from a class elsewhere may be a module.
  const module = newModule({ of, external: null, plausibility: isModule ? 'sure' : 'weak' });
  machine.madeIn.set(module, machine.repeat);
  machine.built.push(module);
  const init = machine.facts.method(of, '__init__');
  if (init !== null) {
    learnArguments(machine, init.owner, of, args);
  }
  const container = machine.facts.container(module);
  if (init === null) {
    if (container !== null) {
      fillContainer(machine, module, container, args, at);
    }
  } else if (container !== null || args.some((argument) => carriesModules(argument.value))) {
    callFunction(machine, methodValue(module, init.owner, init.node), args);
  }
  return module;
}

/** `nn.Conv2d(...)`; containers take their items. */
export function constructExternal(machine: Machine, path: string, args: readonly ArgumentValue[], at: Span): Value {
  const module = newModule({ of: null, external: path, plausibility: 'sure' });
  machine.madeIn.set(module, machine.repeat);
  const container = containerOf(path);
  if (container !== null) {
    fillContainer(machine, module, container, args, at);
  }
  return module;
}

/** What the constructors of Sequential, ModuleList and ModuleDict do with their arguments, in the call at `at`. */
export function fillContainer(
  machine: Machine,
  module: ModuleValue,
  container: Container,
  args: readonly ArgumentValue[],
  at: Span,
): void {
  const [first] = args;
  const from = siteOf(machine, at, null);
  if (container === 'Sequential') {
    if (args.length === 1 && first?.stars === 0 && first.value.kind === 'dictionary') {
      registerAll(machine, module, first.value, from);
      return;
    }
    for (const argument of args) {
      if (argument.stars === 1 && argument.value.kind === 'list') {
        appendAll(machine, module, argument.value, from);
      } else if (argument.name === null && argument.stars === 0) {
        append(machine, module, argument.value, siteOf(machine, argument.expression, argument.expression), from);
      }
    }
  } else if (first !== undefined) {
    extend(machine, module, first.value, from);
  }
}

/** Adds the items of whatever can be iterated, or the entries of a dictionary. */
export function extend(machine: Machine, module: ModuleValue, value: Value, from: Site): void {
  if (value.kind === 'list' && machine.facts.container(module) === 'ModuleDict') {
    registerAll(machine, module, dictionaryOf(machine, value, []), from);
  } else if (value.kind === 'list') {
    appendAll(machine, module, value, from);
  } else if (value.kind === 'dictionary') {
    registerAll(machine, module, value, from);
  } else if (value.kind === 'module') {
    const items = elementsOf(value).items.map((item) => ({ ...item, key: '*' as const }));
    appendAll(machine, module, { kind: 'list', items, next: null }, from);
  } else {
    const items = elementsOf(value).items.map((item) => ({ ...item, certain: false }));
    appendAll(machine, module, { kind: 'list', items, next: null }, from);
  }
}

function learnArguments(machine: Machine, owner: FileClass, of: FileClass, args: readonly ArgumentValue[]): void {
  const init = owner.methods.get('__init__');
  if (init === undefined) {
    return;
  }
  const scope = innerScope(owner.scope);
  const { frame } = machine;
  machine.frame = { ...frame, scope, owner: null, yields: newList(machine) };
  bindArguments(machine, scope, init.parameters.slice(1), null, args);
  machine.frame = frame;
  for (const [name, value] of scope.names) {
    learn(machine, owner, name, value);
    if (owner !== of) {
      learn(machine, of, name, value);
    }
  }
}

/** Notes what a call passes for a parameter, where it is a class, a function or a module. */
function learn(machine: Machine, of: FileClass, parameter: string, value: Value): void {
  for (const one of optionsOf(value)) {
    if (one.kind === 'class' || one.kind === 'module' || one.kind === 'function') {
      machine.learned.push({ of, parameter, value: one });
    }
  }
}
