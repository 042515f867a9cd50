/** Statements. */

import type { ClassNode, Expression, Statement } from '../python/ast';
import { assignedNames } from './assignedNames';
import { binary, evaluate } from './evaluate';
import { functionValue } from './functions';
import { importValue } from './imports';
import { anyItem, elementsOf, exactItems } from './iterate';
import { alternatives, type Machine, setNext, siteOf, spend } from './machine';
import { appendAll, indexKey, registerAll, registerNamed, setAttribute } from './register';
import { truth } from './truth';
import { type FileClass, lookup, NONE, optionsOf, type Site, textOf, UNKNOWN, union, type Value } from './values';

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
    case 'class':
      scope.names.set(statement.name, { kind: 'class', of: defineClass(machine, statement, null), external: null });
      return null;
    case 'import': {
      const head = statement.module.split('.')[0] ?? '';
      const path = statement.alias === null ? head : statement.module;
      scope.names.set(statement.alias ?? head, { kind: 'external', path });
      return null;
    }
    case 'importFrom':
      for (const { name, alias } of statement.names) {
        scope.names.set(alias ?? name, importValue(statement.module, name));
      }
      if (statement.star) {
        machine.starred.push(statement.module);
      }
      return null;
    case 'delete':
      for (const target of statement.targets) {
        remove(machine, target);
      }
      return null;
    case 'global':
      return null;
  }
}

function assign(machine: Machine, targets: readonly Expression[], value: Expression, at: Statement): void {
  const site: Site = siteOf(machine, at, value);
  // `self.a, self.b = nn.A(), nn.B()`: each name has its own constructor.
  const [only] = targets;
  if (
    targets.length === 1 &&
    only?.kind === 'sequence' &&
    value.kind === 'sequence' &&
    only.items.length === value.items.length &&
    ![...only.items, ...value.items].some((one) => one.kind === 'starred')
  ) {
    const values = value.items.map((item) => evaluate(machine, item));
    for (const [index, target] of only.items.entries()) {
      bind(machine, target, values[index] ?? UNKNOWN, { ...site, expression: value.items[index] ?? null });
    }
    return;
  }
  const result = evaluate(machine, value);
  for (const target of targets) {
    bind(machine, target, result, site);
  }
}

/** Gives a target its value: a name, an attribute, an item, or several of them. */
export function bind(machine: Machine, target: Expression, value: Value, site?: Site): void {
  const place = site ?? siteOf(machine, target, null);
  switch (target.kind) {
    case 'name':
      machine.frame.scope.names.set(target.name, value);
      return;
    case 'attribute':
      setAttribute(machine, evaluate(machine, target.object), target.name, value, place);
      return;
    case 'subscript': {
      const object = evaluate(machine, target.object);
      const [index] = target.indices;
      const key = index === undefined ? UNKNOWN : evaluate(machine, index);
      for (const option of optionsOf(object)) {
        setItem(machine, option, key, value, place);
      }
      return;
    }
    case 'sequence': {
      const list = elementsOf(value);
      const exact = exactItems(list);
      for (const [index, one] of target.items.entries()) {
        const item = exact === null ? null : (exact[index]?.value ?? UNKNOWN);
        const inner = one.kind === 'starred' ? one.value : one;
        bind(machine, inner, one.kind === 'starred' ? UNKNOWN : (item ?? anyItem(list)), {
          ...place,
          expression: null,
        });
      }
      return;
    }
    default:
      return;
  }
}

function setItem(machine: Machine, object: Value, key: Value, value: Value, site: Site): void {
  if (object.kind === 'module') {
    registerNamed(machine, object, indexKey(key), value, site);
  } else if (object.kind === 'dictionary') {
    object.entries.push({ key, value, site, certain: machine.doubt === 0 });
  } else if (object.kind === 'list') {
    const index =
      key.kind === 'constant' && typeof key.value === 'number' && key.value >= 0 && machine.repeat === 0
        ? key.value
        : '*';
    object.items.push({ key: index, value, site, certain: machine.doubt === 0 });
  }
}

function augment(machine: Machine, statement: Extract<Statement, { kind: 'augment' }>): void {
  const value = evaluate(machine, statement.value);
  const before = evaluate(machine, statement.target);
  const operator = statement.operator.replace(/=$/, '');
  let changed = false;
  for (const option of optionsOf(before)) {
    if (operator === '+' && option.kind === 'list') {
      appendAll(machine, option, elementsOf(value), siteOf(machine, statement.value, null));
      changed = true;
    } else if (operator === '+' && option.kind === 'module') {
      appendAll(machine, option, elementsOf(value), siteOf(machine, statement.value, null));
      changed = true;
    } else if (operator === '|' && option.kind === 'module' && value.kind === 'dictionary') {
      registerAll(machine, option, value);
      changed = true;
    }
  }
  if (!changed) {
    bind(machine, statement.target, binary(machine, operator, before, value), siteOf(machine, statement, null));
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
  const source = elementsOf(evaluate(machine, statement.source));
  const items = exactItems(source);
  if (items === null) {
    abstractly(machine, statement.body, source.next, () => bind(machine, statement.target, anyItem(source)));
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
    const value = lookup(machine.frame.scope, name);
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

function remove(machine: Machine, target: Expression): void {
  if (target.kind === 'name') {
    machine.frame.scope.names.delete(target.name);
  } else if (target.kind === 'attribute') {
    forget(evaluate(machine, target.object), target.name);
  } else if (target.kind === 'subscript') {
    const [index] = target.indices;
    const key = index === undefined ? UNKNOWN : evaluate(machine, index);
    for (const option of optionsOf(evaluate(machine, target.object))) {
      forget(option, textOf(indexKey(key)) ?? '*');
      if (option.kind === 'module' || option.kind === 'list') {
        setNext(machine, option, null);
      }
    }
  }
}

/** What was deleted may not be there at the end. */
function forget(object: Value, name: string): void {
  for (const option of optionsOf(object)) {
    if (option.kind === 'module') {
      for (const registration of option.registrations) {
        if (registration.name === name || name === '*') {
          registration.certain = false;
        }
      }
    }
  }
}

/** Makes a class of a class statement; the same statement run again gives the same class. */
export function defineClass(machine: Machine, node: ClassNode, outer: FileClass | null): FileClass {
  const known = machine.classes.get(node.start);
  if (known !== undefined) {
    return known;
  }
  const { frame } = machine;
  const attributes = new Map<string, Value>();
  const methods = new Map(
    node.body.flatMap((statement) => (statement.kind === 'function' ? [[statement.name, statement] as const] : [])),
  );
  const prefix =
    outer !== null
      ? `${outer.name}.`
      : machine.stack.length > 0 && frame.qualifiedName !== ''
        ? `${frame.qualifiedName}.<locals>.`
        : '';
  const of: FileClass = { name: `${prefix}${node.name}`, node, scope: frame.scope, bases: [], methods, attributes };
  machine.classes.set(node.start, of);
  const bases = node.bases
    .filter((base) => base.name === null && base.stars === 0)
    .map((base) => evaluate(machine, base.value));
  Object.assign(of, { bases });
  const scope = { names: attributes, parent: frame.scope };
  machine.frame = { ...frame, scope, owner: of };
  for (const statement of node.body) {
    if (statement.kind === 'class') {
      attributes.set(statement.name, { kind: 'class', of: defineClass(machine, statement, of), external: null });
    } else if (statement.kind !== 'function') {
      one(machine, statement);
    }
  }
  machine.frame = frame;
  return of;
}
