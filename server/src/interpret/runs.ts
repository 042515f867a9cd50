/** The pieces of work of an analysis: a class built from outside, a function called from outside. */

import { alike, type Passed } from './classFacts';
import type { FileClass } from './fileClass';
import { callFunction, methodValue } from './functions';
import type { Learned, Machine } from './machine';
import type { Module } from './module';
import { newMachine } from './newMachine';
import { openParameters } from './openParameters';
import { Reads } from './reads';
import { registers } from './registers';
import { type FunctionValue, type ModuleValue, newModule, optionsOf, type Value } from './values';

/** What a piece of work found. It stays valid while its reads hold. */
export interface Work {
  readonly reads: Reads;
  readonly learned: readonly Learned[];
  readonly built: readonly ModuleValue[];
  /** Classes that statements inside of functions defined. */
  readonly classes: readonly FileClass[];
}

export interface FunctionRun extends Work {
  /** Module classes of which it returns instances. */
  readonly returned: readonly FileClass[];
}

export interface ClassRun extends Work {
  readonly instance: ModuleValue;
  /** What was known of its parameters. */
  readonly passed: PassedTo;
}

type PassedTo = readonly (ReadonlyMap<string, readonly Value[]> | undefined)[];

function work<T>(
  module: Module,
  kind: 'class' | 'function',
  passed: Passed,
  unit: Machine['frame']['unit'],
  run: (machine: Machine) => T,
): Work & { result: T } {
  const reads = new Reads(module);
  return module.program.within(reads, () => {
    const machine = newMachine(module, unit, kind, passed);
    const result = run(machine);
    return { result, reads, learned: machine.learned, built: machine.built, classes: [...machine.classes.values()] };
  });
}

/** Calls a function of the module with open arguments. */
export function runFunction(module: Module, value: FunctionValue, passed: Passed): FunctionRun {
  const { result, ...rest } = work(module, 'function', passed, value.unit, (machine) =>
    callFunction(machine, value, openParameters(machine, value.parameters, null, null)),
  );
  const returned = optionsOf(result).flatMap((one) => (one.kind === 'module' && one.of !== null ? [one.of] : []));
  return { ...rest, returned };
}

/** Runs a class as if it were built from outside: its parameters are open but for what is known of them. */
export function runClass(module: Module, of: FileClass, passed: Passed): ClassRun {
  const { result, ...rest } = work(module, 'class', passed, of.unit, (machine) => ({
    instance: instantiate(machine, of),
    passed: passedTo(machine, of),
  }));
  return { ...rest, ...result };
}

/** True where the run would come out the same with what calls are known to pass now. */
export function holdsFor(run: ClassRun, lineage: readonly FileClass[], now: Passed): boolean {
  let held = heldFor.get(run);
  if (held?.has(now) !== true) {
    const isSame =
      run.passed.length === lineage.length &&
      lineage.every((one, index) => samePassed(run.passed[index], now.get(one)));
    if (!isSame) {
      return false;
    }
    held ??= new WeakSet();
    held.add(now);
    heldFor.set(run, held);
  }
  return run.reads.hold();
}

/** For what the runs were found to hold: each round of an analysis has its own. A class has its own run for each lineage. */
const heldFor = new WeakMap<ClassRun, WeakSet<Passed>>();

function samePassed(a: PassedTo[number], b: PassedTo[number]): boolean {
  if (a === undefined || b === undefined) {
    return a === b;
  }
  return (
    a.size === b.size &&
    [...a].every(([name, values]) => {
      const others = b.get(name);
      return values.length === others?.length && values.every((one, index) => alike(one, others[index] ?? one));
    })
  );
}

function passedTo(machine: Machine, of: FileClass): PassedTo {
  return machine.facts.lineage(of).map((one) => machine.facts.passed.get(one));
}

function instantiate(machine: Machine, of: FileClass): ModuleValue {
  const module = newModule({ of, external: null, plausibility: 'sure' });
  // The constructor that a dataclass gets calls the latter.
  const init = machine.facts.method(of, '__init__') ?? machine.facts.method(of, '__post_init__');
  if (init !== null) {
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
