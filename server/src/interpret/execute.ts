/** Statements. */

import type { Statement } from '../syntax/python/ast';
import { assignedNames } from './assignedNames';
import { assign, augment, bind, remove } from './bind';
import { defineClass } from './defineClass';
import { evaluate } from './evaluate';
import { functionValue } from './functions';
import { importedModule, importValue } from './imports';
import { anyItem, elementsOf, exactItems, mayNotRun } from './iterate';
import { lookup } from './lookup';
import { alternatives, type Machine, setNext, spend } from './machine';
import { truth } from './truth';
import { moduleOf, NONE, optionsOf, UNKNOWN, union } from './values';

/** How a block was left before its end. */
export type Leave = 'return' | 'raise' | 'break' | 'continue';

/** Runs statements; null where the end is reached. */
export function execute(machine: Machine, statements: readonly Statement[]): Leave | null {
  for (const statement of statements) {
    if (!spend(machine)) {
      return null;
    }
    const left = one(machine, statement);
    if (left !== null) {
      return left;
    }
  }
  return null;
}

/** Statements that stand for what is built in them; of the others the expression stands for itself. */
const SIMPLE = { assign: true, declare: true, augment: true, expression: true, return: true };

function one(machine: Machine, statement: Statement): Leave | null {
  const { scope } = machine.frame;
  machine.statement = statement.kind in SIMPLE ? statement : null;
  switch (statement.kind) {
    case 'assign': {
      assign(machine, statement.targets, statement.value, statement);
      return null;
    }
    case 'declare':
      if (statement.value !== null) {
        assign(machine, [statement.target], statement.value, statement);
      }
      return null;
    case 'augment':
      augment(machine, statement);
      return null;
    case 'expression':
      evaluate(machine, statement.value);
      return null;
    case 'if':
      return branches(machine, statement);
    case 'for':
      return loop(machine, statement);
    case 'while': {
      if (truth(evaluate(machine, statement.condition)) === false) {
        return execute(machine, statement.otherwise);
      }
      abstractly(machine, statement.body, null, () => undefined);
      return execute(machine, statement.otherwise);
    }
    case 'with':
      for (const item of statement.items) {
        const value = evaluate(machine, item.value);
        if (item.target !== null) {
          bind(machine, item.target, value.kind === 'module' ? value : UNKNOWN);
        }
      }
      return execute(machine, statement.body);
    case 'try': {
      const left = execute(machine, statement.body);
      const lefts: (Leave | null)[] = [];
      alternatives(machine, [
        () => false,
        ...statement.handlers.map((handler) => () => {
          const leave = execute(machine, handler);
          lefts.push(leave);
          return leave !== null;
        }),
      ]);
      const after = left ?? execute(machine, statement.otherwise);
      return execute(machine, statement.final) ?? after;
    }
    case 'match': {
      evaluate(machine, statement.subject);
      const lefts: (Leave | null)[] = [];
      alternatives(machine, [
        ...statement.cases.map((body) => () => {
          const leave = execute(machine, body);
          lefts.push(leave);
          return leave !== null;
        }),
        () => false,
      ]);
      doubtAfter(machine, lefts);
      return null;
    }
    case 'return':
      machine.frame.returns.push(statement.value === null ? NONE : evaluate(machine, statement.value));
      return 'return';
    case 'leave':
      return statement.how;
    case 'function':
      for (const decorator of statement.decorators) {
        evaluate(machine, decorator);
      }
      scope.names.set(statement.name, functionValue(machine, statement));
      return null;
    case 'class': {
      const of = defineClass(machine, statement, null);
      scope.names.set(statement.name, of === null ? UNKNOWN : { kind: 'class', of, external: null });
      return null;
    }
    case 'import': {
      const head = statement.module.split('.')[0] ?? '';
      const path = statement.alias === null ? head : statement.module;
      scope.names.set(statement.alias ?? head, { kind: 'external', path, from: moduleOf(scope)?.file ?? null });
      return null;
    }
    case 'importFrom': {
      const module = moduleOf(scope);
      const path = module === null ? statement.module : importedModule(module, statement.module);
      for (const { name, alias } of statement.names) {
        scope.names.set(alias ?? name, importValue(path, name, module?.file ?? null));
      }
      if (statement.star) {
        module?.starredSoFar.push(path);
      }
      return null;
    }
    case 'delete':
      for (const target of statement.targets) {
        remove(machine, target);
      }
      return null;
    case 'global':
      return null;
  }
}

function branches(machine: Machine, statement: Extract<Statement, { kind: 'if' }>): Leave | null {
  const ways: (readonly Statement[])[] = [];
  for (const branch of statement.branches) {
    const known = truth(evaluate(machine, branch.condition));
    if (known === true && ways.length === 0) {
      return execute(machine, branch.body);
    }
    if (known !== false) {
      ways.push(branch.body);
    }
    if (known === true) {
      return fork(machine, ways);
    }
  }
  return ways.length === 0 ? execute(machine, statement.otherwise) : fork(machine, [...ways, statement.otherwise]);
}

function fork(machine: Machine, ways: readonly (readonly Statement[])[]): Leave | null {
  const lefts: (Leave | null)[] = [];
  alternatives(
    machine,
    ways.map((way) => () => {
      const leave = execute(machine, way);
      lefts.push(leave);
      return leave !== null;
    }),
  );
  if (lefts.every((leave) => leave !== null)) {
    return lefts.find((leave) => leave !== 'raise') ?? 'raise';
  }
  doubtAfter(machine, lefts);
  return null;
}

/** What follows a conditional `return` may not run. A `raise` ends the program, so what follows does run. */
function doubtAfter(machine: Machine, lefts: readonly (Leave | null)[]): void {
  if (lefts.some((leave) => leave !== null && leave !== 'raise')) {
    machine.doubt += 1;
  }
}

function loop(machine: Machine, statement: Extract<Statement, { kind: 'for' }>): Leave | null {
  const value = evaluate(machine, statement.source);
  const source = elementsOf(value);
  const items = exactItems(source);
  if (items === null) {
    const { doubt } = machine;
    machine.doubt += mayNotRun(value, source) ? 1 : 0;
    abstractly(machine, statement.body, source.next, () => bind(machine, statement.target, anyItem(source)));
    machine.doubt = doubt;
    return execute(machine, statement.otherwise);
  }
  const { doubt } = machine;
  for (const item of items) {
    bind(machine, statement.target, item.value);
    const left = execute(machine, statement.body);
    if (left === 'return' || left === 'raise') {
      machine.doubt = doubt;
      return left;
    }
    if (left === 'break') {
      break;
    }
  }
  machine.doubt = doubt;
  return execute(machine, statement.otherwise);
}

/** Runs a loop's body once for all its rounds: indices are open, and names that change from round to round are unknown. */
function abstractly(machine: Machine, body: readonly Statement[], count: number | null, start: () => void): void {
  const { names } = machine.frame.scope;
  for (const name of assignedNames(body)) {
    const value = lookup(machine, machine.frame.scope, name);
    if (value !== null && optionsOf(value).some((option) => option.kind === 'constant' || option.kind === 'text')) {
      names.set(
        name,
        union([...optionsOf(value).filter((option) => option.kind !== 'constant' && option.kind !== 'text'), UNKNOWN]),
      );
    }
  }
  const { doubt } = machine;
  const mark = machine.trail.length;
  machine.repeat += 1;
  start();
  execute(machine, body);
  machine.repeat -= 1;
  machine.doubt = doubt;
  const grown = new Map<(typeof machine.trail)[number]['target'], number | null>();
  for (const entry of machine.trail.slice(mark)) {
    if (!grown.has(entry.target)) {
      grown.set(entry.target, entry.next);
    }
  }
  for (const [target, before] of grown) {
    if ((machine.madeIn.get(target) ?? 0) <= machine.repeat) {
      const { next } = target;
      const known = count !== null && before !== null && next !== null;
      setNext(machine, target, known ? before + (next - before) * count : null);
    }
  }
}
