/** Running the functions and methods of the file. */

import type { FormalParameter, FunctionNode } from '../syntax/python/ast';
import type { Unit } from '../syntax/unit';
import { evaluate } from './evaluate';
import { execute } from './execute';
import type { FileClass } from './fileClass';
import { listOf } from './iterate';
import { type Frame, type Machine, newList, spend } from './machine';
import {
  type ArgumentValue,
  constant,
  type FunctionValue,
  innerScope,
  moduleOf,
  NONE,
  optionsOf,
  type Scope,
  type Site,
  textOf,
  UNKNOWN,
  union,
  type Value,
} from './values';

const MAX_CALL_DEPTH = 14;

export function methodValue(self: Value, owner: FileClass, node: FunctionNode): Value {
  return { kind: 'method', self, owner, node };
}

export function functionValue(machine: Machine, node: FunctionNode): FunctionValue {
  return {
    kind: 'function',
    name: node.name,
    parameters: node.parameters,
    body: node.body,
    scope: machine.frame.scope,
    owner: machine.frame.owner,
    node,
    unit: machine.frame.unit,
  };
}

/** Calls a function or a bound method; anything else gives unknown. */
export function callFunction(machine: Machine, callee: Value, args: readonly ArgumentValue[]): Value {
  if (callee.kind === 'function') {
    if (callee.node === null && !('kind' in callee.body)) {
      // Its statement is too broken to be read.
      return UNKNOWN;
    }
    const frame = frameFor(
      machine,
      callee.body,
      callee.unit,
      callee.scope,
      callee.owner,
      machine.frame.self,
      qualified(machine, callee.name),
    );
    return run(machine, frame, callee.parameters, null, args, callee);
  }
  if (callee.kind !== 'method') {
    return UNKNOWN;
  }
  const { node, owner } = callee;
  const decorators = node.decorators.map((one) => (one.kind === 'name' || one.kind === 'attribute' ? one.name : ''));
  const isStatic = decorators.includes('staticmethod');
  const self = callee.self;
  const first = isStatic
    ? null
    : decorators.includes('classmethod')
      ? classOf(self)
      : self.kind === 'class'
        ? null
        : self;
  const frame = frameFor(machine, node.body, node.unit, owner.scope, owner, self, `${owner.name}.${node.name}`);
  return run(machine, frame, node.parameters, first, args, callee);
}

function run(
  machine: Machine,
  frame: Frame,
  parameters: readonly FormalParameter[],
  self: Value | null,
  args: readonly ArgumentValue[],
  callee: Value,
): Value {
  const running = machine.stack.filter((one) => one.body === frame.body).length;
  if (machine.stack.length >= MAX_CALL_DEPTH || running > 1 || !spend(machine)) {
    return UNKNOWN;
  }
  const outer = machine.frame;
  const { doubt, statement, steps } = machine;
  const isAway = moduleOf(outer.scope) === machine.home && moduleOf(frame.scope) !== machine.home;
  if (isAway) {
    machine.steps = Math.min(steps, machine.stepsElsewhere);
  }
  const given = machine.steps;
  machine.stack.push(frame);
  machine.frame = frame;
  try {
    bindArguments(machine, frame.scope, parameters, self, args, outer);
    const { body } = callee.kind === 'function' ? callee : callee.kind === 'method' ? callee.node : { body: [] };
    if ('kind' in body) {
      return evaluate(machine, body);
    }
    machine.ran.add(body);
    const left = execute(machine, body);
    if (frame.yields.items.length > 0) {
      return frame.yields;
    }
    if (left === null && frame.returns.length > 0) {
      frame.returns.push(NONE);
    }
    return frame.returns.length === 0 ? NONE : union(frame.returns);
  } finally {
    machine.steps = steps - (given - machine.steps);
    machine.frame = outer;
    machine.stack.pop();
    machine.doubt = doubt;
    machine.statement = statement;
  }
}

function frameFor(
  machine: Machine,
  body: unknown,
  unit: Unit | null,
  scope: Scope,
  owner: FileClass | null,
  self: Value | null,
  qualifiedName: string,
): Frame {
  return {
    scope: innerScope(scope),
    owner,
    self,
    returns: [],
    yields: newList(machine),
    body,
    qualifiedName,
    unit,
  };
}

function qualified(machine: Machine, name: string): string {
  const { qualifiedName } = machine.frame;
  return qualifiedName === '' || machine.stack.length === 0 ? name : `${qualifiedName}.<locals>.${name}`;
}

function classOf(value: Value): Value {
  return value.kind === 'module' || value.kind === 'instance'
    ? value.of === null
      ? UNKNOWN
      : { kind: 'class', of: value.of, external: null }
    : value;
}

/** Gives parameters their arguments, else their defaults; after an argument list that is not known they are open. */
export function bindArguments(
  machine: Machine,
  scope: Scope,
  parameters: readonly FormalParameter[],
  self: Value | null,
  args: readonly ArgumentValue[],
  caller: Frame = machine.frame,
): void {
  const given = spread(args);
  const positional: Value[] = self === null ? [...given.positional] : [self, ...given.positional];
  const named = new Map(given.named);
  for (const parameter of parameters) {
    const { name } = parameter;
    if (parameter.kind === 'variadic') {
      // Items of `*modules` stand where the call gives them.
      const sites = sitesOf(args, caller).slice(-positional.length);
      const items = positional.splice(0).map((value, index) => ({ value, site: sites[index] }));
      scope.names.set(name, given.open ? UNKNOWN : listOf(machine, items));
    } else if (parameter.kind === 'keywordVariadic') {
      const entries = [...named].map(([key, value]) => ({
        key: constant(key),
        value,
        site: { span: { start: 0, end: 0 }, unit: null, expression: null, owner: null, code: null },
        certain: true,
      }));
      scope.names.set(name, given.openNamed ? { kind: 'parameter', name } : { kind: 'dictionary', entries });
    } else {
      const value = parameter.kind === 'positional' && positional.length > 0 ? positional.shift() : named.get(name);
      named.delete(name);
      const open = given.openNamed || (given.open && parameter.kind === 'positional');
      scope.names.set(name, value ?? (open ? openParameter(machine, parameter) : defaultOf(machine, parameter)));
    }
  }
}

/** Where each positional argument is written. */
function sitesOf(args: readonly ArgumentValue[], caller: Frame): Site[] {
  return args.flatMap(({ name, stars, value, expression }): Site[] => {
    if (stars === 1 && value.kind === 'list') {
      return value.items.map((item) => item.site);
    }
    const { start, end } = expression;
    const site = { span: { start, end }, unit: caller.unit, expression, owner: caller.owner, code: caller.body };
    return name === null && stars === 0 ? [site] : [];
  });
}

function defaultOf(machine: Machine, parameter: FormalParameter): Value {
  return parameter.defaultValue === null
    ? { kind: 'parameter', name: parameter.name }
    : evaluate(machine, parameter.defaultValue);
}

function openParameter(machine: Machine, parameter: FormalParameter): Value {
  const open: Value = { kind: 'parameter', name: parameter.name };
  return parameter.defaultValue === null ? open : union([evaluate(machine, parameter.defaultValue), open]);
}

export interface SpreadArguments {
  readonly positional: readonly Value[];
  readonly named: ReadonlyMap<string, Value>;
  /** True where `*args` of unknown length came. */
  readonly open: boolean;
  readonly openNamed: boolean;
}

/** Unpacks `*list` and `**dictionary` where they are known. */
export function spread(args: readonly ArgumentValue[]): SpreadArguments {
  const positional: Value[] = [];
  const named = new Map<string, Value>();
  let open = false;
  let openNamed = false;
  for (const argument of args) {
    const { value } = argument;
    if (argument.name !== null) {
      named.set(argument.name, value);
    } else if (argument.stars === 0) {
      if (!open) {
        positional.push(value);
      }
    } else if (argument.stars === 1) {
      if (value.kind === 'list' && value.items.every((item) => item.key !== '*') && value.next !== null && !open) {
        positional.push(...value.items.map((item) => item.value));
      } else {
        open = true;
      }
    } else if (value.kind === 'dictionary') {
      for (const entry of value.entries) {
        const name = textOf(entry.key);
        if (name !== null) {
          named.set(name, entry.value);
        }
      }
    } else {
      openNamed = true;
    }
  }
  return { positional, named, open, openNamed };
}

/** True where a value is or holds a module, down to a small depth. */
export function carriesModules(value: Value, depth = 0): boolean {
  if (depth > 3) {
    return false;
  }
  return optionsOf(value).some((one) => {
    switch (one.kind) {
      case 'module':
        return true;
      case 'list':
        return one.items.slice(0, 20).some((item) => carriesModules(item.value, depth + 1));
      case 'dictionary':
        return one.entries.slice(0, 20).some((entry) => carriesModules(entry.value, depth + 1));
      default:
        return false;
    }
  });
}
