/** Runs a file abstractly: every module class, and the functions that build modules. */

import type { Expression, FormalParameter, FunctionNode, Statement } from '../python/ast';
import { namesIn } from '../python/namesIn';
import { ClassFacts } from './classFacts';
import { fillContainer } from './construct';
import { evaluate } from './evaluate';
import { execute } from './execute';
import { bindArguments, callFunction, methodValue } from './functions';
import { type Frame, type Machine, newList } from './machine';
import { registers } from './registers';
import { isTorchModule } from './torchNames';
import {
  type ArgumentValue,
  type FileClass,
  type FunctionValue,
  type ModuleValue,
  newModule,
  optionsOf,
  type Scope,
  UNKNOWN,
  union,
  type Value,
} from './values';

/** Bounds for one class or function, so that no file takes long. */
const STEPS = 60_000;
const STEPS_ALTOGETHER = 1_500_000;

export interface Analysis {
  readonly facts: ClassFacts;
  /** In source order. */
  readonly classes: readonly FileClass[];
  /** The instance that each module class's own code makes. */
  readonly instances: ReadonlyMap<FileClass, ModuleValue>;
  /** Instances that functions and other code of the file build, with what they are given. */
  readonly built: readonly ModuleValue[];
  /** Functions of the file that return module classes of it. */
  readonly returned: ReadonlyMap<FunctionNode, readonly FileClass[]>;
}

export function analyze(statements: readonly Statement[], text: string): Analysis {
  const facts = new ClassFacts(text);
  const scope: Scope = { names: new Map([['__name__', { kind: 'unknown' }]]), parent: null };
  const machine = newMachine(text, facts, scope);
  let left = STEPS_ALTOGETHER;
  const bounded = <T>(work: () => T): T => {
    machine.steps = Math.min(STEPS, left);
    const before = machine.steps;
    machine.doubt = 0;
    machine.repeat = 0;
    machine.trail.length = 0;
    const result = work();
    left -= before - machine.steps;
    return result;
  };
  bounded(() => execute(machine, statements));
  const returned = new Map<FunctionNode, readonly FileClass[]>();
  for (const value of relevantFunctions(machine, scope)) {
    const { node } = value;
    if (node !== null) {
      const result = bounded(() => callFunction(machine, value, openArguments(machine, value)));
      returned.set(
        node,
        optionsOf(result).flatMap((one) => (one.kind === 'module' && one.of !== null ? [one.of] : [])),
      );
    }
  }
  const instances = new Map<FileClass, ModuleValue>();
  const seen = new Map<FileClass, number>();
  // What one class passes to another may be learnt after that one ran: those are run once more.
  for (let round = 0; round < 3; round += 1) {
    for (const of of [...machine.classes.values()].filter((one) => facts.isModule(one))) {
      const known = factsOf(facts, of);
      if (seen.get(of) !== known) {
        seen.set(of, known);
        instances.set(
          of,
          bounded(() => instantiate(machine, of)),
        );
      }
    }
  }
  const classes = [...machine.classes.values()].sort((a, b) => a.node.start - b.node.start);
  return { facts, classes, instances, built: machine.built, returned };
}

/** Functions that name a module class of the file or hold a class, and those that name such functions. */
function relevantFunctions(machine: Machine, scope: Scope): FunctionValue[] {
  const functions = [...scope.names.values()].filter((value) => value.kind === 'function');
  const wanted = new Set(
    [...machine.classes.values()].filter((one) => machine.facts.isModule(one)).map((one) => one.node.name),
  );
  const holdsClass = (one: FunctionValue): boolean =>
    one.node !== null && /\n[ \t]+class\s/.test(machine.text.slice(one.node.start, one.node.end));
  const names = new Map(
    functions.map((one) => [one, 'kind' in one.body ? new Set<string>() : namesIn(one.body)] as const),
  );
  const found = new Set<FunctionValue>();
  for (let before = -1; before !== found.size; ) {
    before = found.size;
    for (const one of functions) {
      if (!found.has(one) && (holdsClass(one) || [...wanted].some((name) => names.get(one)?.has(name) === true))) {
        found.add(one);
        wanted.add(one.name);
      }
    }
  }
  return functions.filter((one) => found.has(one));
}

function newMachine(text: string, facts: ClassFacts, scope: Scope): Machine {
  const frame: Frame = {
    scope,
    owner: null,
    self: null,
    returns: [],
    yields: { kind: 'list', items: [], next: 0 },
    body: null,
    qualifiedName: '',
  };
  return {
    text,
    classes: new Map(),
    facts,
    frame,
    stack: [],
    steps: 0,
    doubt: 0,
    repeat: 0,
    trail: [],
    madeIn: new WeakMap(),
    built: [],
    ran: new Set(),
    starred: [],
    statement: null,
  };
}

function factsOf(facts: ClassFacts, of: FileClass): number {
  return facts
    .lineage(of)
    .reduce(
      (sum, one) => sum + [...(facts.passed.get(one)?.values() ?? [])].reduce((all, values) => all + values.length, 0),
      0,
    );
}

/** Runs a class as if it were built from outside: its parameters are open but for what is known of them. */
function instantiate(machine: Machine, of: FileClass): ModuleValue {
  const module = newModule({ of, external: null, plausibility: 'sure' });
  machine.ran.clear();
  const init = machine.facts.method(of, '__init__');
  if (init === null) {
    const container = machine.facts.container(module);
    if (container !== null) {
      fillContainer(machine, module, container, []);
    }
  } else {
    const values = openParameters(machine, init.node.parameters.slice(1), init.owner, of);
    callFunction(machine, methodValue(module, init.owner, init.node), values);
  }
  // Methods that nobody called may be called from outside: `setup`, `build`, `reset_classifier`.
  machine.doubt = 1;
  for (const node of of.methods.values()) {
    if (!machine.ran.has(node.body) && registers(node.body, node.parameters[0]?.name ?? 'self')) {
      callFunction(machine, methodValue(module, of, node), openParameters(machine, node.parameters.slice(1), of, of));
    }
  }
  machine.doubt = 0;
  return module;
}

const NOWHERE: Expression = { start: 0, end: 0, kind: 'other', parts: [] };

function openArguments(machine: Machine, value: FunctionValue): ArgumentValue[] {
  return openParameters(machine, value.parameters, null, null);
}

/** Keyword arguments that say of each parameter what is known: its annotation, its default, what calls pass. */
function openParameters(
  machine: Machine,
  parameters: readonly FormalParameter[],
  owner: FileClass | null,
  of: FileClass | null,
): ArgumentValue[] {
  const scope = owner?.scope ?? machine.frame.scope;
  const outer = machine.frame;
  const inner: Scope = { names: new Map(), parent: scope };
  machine.frame = { ...outer, scope: inner, owner: null, yields: newList(machine) };
  bindArguments(
    machine,
    inner,
    parameters.filter((one) => one.defaultValue !== null),
    null,
    [],
  );
  const args = parameters
    .filter((one) => one.kind === 'positional' || one.kind === 'keywordOnly')
    .map((one): ArgumentValue => {
      const told = [
        ...(owner === null ? [] : (machine.facts.passed.get(owner)?.get(one.name) ?? [])),
        ...(of === null || of === owner ? [] : (machine.facts.passed.get(of)?.get(one.name) ?? [])),
      ];
      const byDefault = optionsOf(inner.names.get(one.name) ?? { kind: 'unknown' }).filter(
        (value) =>
          value.kind === 'class' || value.kind === 'function' || value.kind === 'partial' || value.kind === 'external',
      );
      const annotated = one.annotation === null ? [] : fromAnnotation(machine, one.annotation);
      const open: Value = { kind: 'parameter', name: one.name };
      const value = union([...annotated, ...byDefault, ...told.map(asPassed), open]);
      return { name: one.name, stars: 0, value, expression: NOWHERE };
    });
  machine.frame = outer;
  const more = { name: null, value: UNKNOWN, expression: NOWHERE } as const;
  return [...args, { ...more, stars: 1 }, { ...more, stars: 2 }];
}

/** A module that some call passes: what it holds belongs to that call, not to this class. */
function asPassed(value: Value): Value {
  return value.kind === 'module' ? newModule({ of: null, external: null, plausibility: 'maybe' }) : value;
}

/** `Type[Block]` gives the class, `nn.Module` a module, `Optional[...]` and unions what is in them. */
function fromAnnotation(machine: Machine, annotation: Expression): Value[] {
  if (annotation.kind === 'string') {
    return [];
  }
  if (annotation.kind === 'binary' && annotation.operator === '|') {
    return [...fromAnnotation(machine, annotation.left), ...fromAnnotation(machine, annotation.right)];
  }
  if (annotation.kind === 'subscript') {
    const name =
      annotation.object.kind === 'name'
        ? annotation.object.name
        : annotation.object.kind === 'attribute'
          ? annotation.object.name
          : '';
    const inner = annotation.indices.flatMap((one) => (one.kind === 'sequence' ? one.items : [one]));
    switch (name) {
      case 'Type':
      case 'type':
        return inner.flatMap((one) => classesOf(machine, one));
      case 'Callable':
        return inner.slice(-1).flatMap((one) => classesOf(machine, one));
      case 'Optional':
      case 'Union':
      case 'Annotated':
        return inner.flatMap((one) => fromAnnotation(machine, one));
      default:
        return [];
    }
  }
  return classesOf(machine, annotation).map(
    (value): Value => newModule({ of: null, external: value.external, plausibility: 'maybe' }),
  );
}

function classesOf(machine: Machine, expression: Expression): Extract<Value, { kind: 'class' }>[] {
  if (expression.kind === 'subscript') {
    return expression.indices
      .flatMap((one) => (one.kind === 'sequence' ? one.items : [one]))
      .flatMap((one) => classesOf(machine, one));
  }
  if (expression.kind === 'binary') {
    return [...classesOf(machine, expression.left), ...classesOf(machine, expression.right)];
  }
  if (expression.kind !== 'name' && expression.kind !== 'attribute') {
    return [];
  }
  return optionsOf(evaluate(machine, expression)).flatMap((value) => {
    if (value.kind !== 'class') {
      return [];
    }
    return (value.of === null ? isTorchModule(value.external) : machine.facts.isModule(value.of)) ? [value] : [];
  });
}
