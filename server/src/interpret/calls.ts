/** `callee(arguments)`. */

import type { Expression } from '../syntax/python/ast';
import { builtinMethod } from './builtinMethods';
import { builtin } from './builtins';
import { construct, constructExternal } from './construct';
import { evaluate } from './evaluate';
import { callFunction, methodValue } from './functions';
import { elementsOf } from './iterate';
import { type Machine, siteOf } from './machine';
import { openModule } from './register';
import { givesBackItsModule, isKnownPackage, lastName, wrapsItsModule } from './torchNames';
import { type ArgumentValue, newModule, optionsOf, result, UNKNOWN, union, type Value } from './values';

type Call = Extract<Expression, { kind: 'call' }>;

export function call(machine: Machine, expression: Call): Value {
  const { statement } = machine;
  const callee = evaluate(machine, expression.callee);
  const args = expression.args.map((argument): ArgumentValue => {
    const value = evaluate(machine, argument.value);
    return {
      name: argument.name,
      stars: argument.stars,
      value: argument.stars === 1 ? elementsOf(value) : value,
      expression: argument.value,
    };
  });
  machine.statement = statement;
  return apply(machine, callee, args, expression);
}

/** Calls a value. `expression` is the call as it is written. */
export function apply(machine: Machine, callee: Value, args: readonly ArgumentValue[], expression: Expression): Value {
  const options = optionsOf(callee);
  const classes = options.filter((option) => buildsModule(machine, option));
  // A parameter that is a module class by default or annotation is one whatever is passed for it; None is not called.
  const results = (classes.length > 0 ? classes : options).map((option) => applyOne(machine, option, args, expression));
  const isGivenBack = options.every((one) => one.kind === 'external' && givesBackItsModule(one.path));
  for (const result of isGivenBack ? [] : results.flatMap(optionsOf)) {
    if (result.kind === 'module' && !result.made.some((one) => one.site.code === machine.frame.body)) {
      const site = siteOf(machine, machine.statement ?? expression, expression);
      result.made.push({ site, certain: machine.doubt === 0 });
    }
  }
  return union(results);
}

function buildsModule(machine: Machine, callee: Value): boolean {
  if (callee.kind === 'partial') {
    return optionsOf(callee.callee).some((one) => buildsModule(machine, one));
  }
  return (
    callee.kind === 'function' || (callee.kind === 'class' && (callee.of === null || machine.facts.isModule(callee.of)))
  );
}

function applyOne(machine: Machine, callee: Value, args: readonly ArgumentValue[], expression: Expression): Value {
  switch (callee.kind) {
    case 'class':
      return callee.of === null
        ? constructExternal(machine, callee.external, args, expression)
        : construct(machine, callee.of, args, expression);
    case 'function':
    case 'method': {
      const given = callFunction(machine, callee, args);
      // It may be a module; the use tells, as it does for what is passed in.
      return given.kind === 'unknown' ? result(`${nameOf(callee)}()`) : given;
    }
    case 'partial':
      return apply(machine, callee.callee, [...callee.args, ...args], expression);
    case 'builtinMethod':
      return builtinMethod(machine, callee.self, callee.name, args, expression);
    case 'external':
      return external(machine, callee.path, args, expression);
    case 'instance': {
      // An object that builds modules when it is called.
      const found = machine.facts.method(callee.of, '__call__');
      return found === null ? UNKNOWN : callFunction(machine, methodValue(callee, found.owner, found.node), args);
    }
    case 'parameter':
      return callee.isResult === true ? result(`${callee.name}()`) : openModule('weak');
    case 'module':
      // What an unknown function gave may itself be a class or a function: `layer = get_layer(name)`, then `layer(8)`.
      return callee.plausibility === 'weak' ? openModule('weak') : UNKNOWN;
    default:
      return UNKNOWN;
  }
}

function nameOf(callee: Extract<Value, { kind: 'function' | 'method' }>): string {
  return callee.kind === 'function' ? callee.name : callee.node.name;
}

function external(machine: Machine, path: string, args: readonly ArgumentValue[], expression: Expression): Value {
  const known = builtin(machine, path, args, expression);
  if (known !== null) {
    return known;
  }
  const [first] = args;
  if (first !== undefined && givesBackItsModule(path)) {
    return first.value;
  }
  if (wrapsItsModule(path) && first?.value.kind === 'module') {
    return newModule({ of: null, external: path, plausibility: first.value.plausibility });
  }
  if (/^torch\.hub\./.test(path)) {
    return openModule('weak');
  }
  if (isKnownPackage(path)) {
    return UNKNOWN;
  }
  // `SomeModel.from_pretrained(...)` gives what the class gives.
  const owner = lastName(path.slice(0, Math.max(0, path.lastIndexOf('.'))));
  const looksLikeClass = /^[A-Z][A-Za-z0-9]*[a-z]/.test(lastName(path)) || /^[A-Z][A-Za-z0-9]*[a-z]/.test(owner);
  const looksLikeData =
    /(Config|Args|Error|Exception|Options|Output|Dataset|Tokenizer|Enum|Spec|Logger|Optimizer|Scheduler)$/.test(
      lastName(path),
    );
  return newModule({ of: null, external: path, plausibility: looksLikeClass && !looksLikeData ? 'maybe' : 'weak' });
}
