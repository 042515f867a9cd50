/** Analyzes a file: every module class, and the functions that build modules. What did not change is not run again. */

import type { Unit } from '../syntax/unit';
import { ClassFacts } from './classFacts';
import type { FileClass } from './fileClass';
import { FunctionRuns } from './functionRuns';
import type { Module } from './module';
import { Passing } from './passing';
import { RelevantFunctions } from './relevantFunctions';
import { type ClassRun, type FunctionRun, holdsFor, runClass, type Work } from './runs';
import type { FunctionValue, ModuleValue } from './values';

/** What one class passes to another may be learnt after that one ran: those run again, so often. */
const ROUNDS = 3;

export interface Analysis {
  readonly module: Module;
  readonly facts: ClassFacts;
  /** In source order. */
  readonly classes: readonly FileClass[];
  /** The instance that each module class's own code makes. */
  readonly instances: ReadonlyMap<FileClass, ModuleValue>;
  /** What ran, with the instances that it built with what they are given. */
  readonly work: readonly Pick<Work, 'built'>[];
  /** Functions of the file that have to do with module classes. */
  readonly functions: ReadonlyMap<FunctionValue, FunctionRun>;
  /** Modules whose names this hangs on; changes of them may change it. */
  readonly asked: ReadonlySet<Module>;
}

/** The analyses of one file, one after another. */
export class Analyzer {
  private readonly relevant = new RelevantFunctions();
  private readonly passing = new Passing();
  private readonly functions: FunctionRuns;
  private runs = new Map<FileClass, readonly ClassRun[]>();

  constructor(private readonly module: Module) {
    this.functions = new FunctionRuns(module, this.passing);
  }

  /** Yields between pieces of work, each of which takes some milliseconds at most. */
  *analyze(): Generator<void, Analysis> {
    const { module } = this;
    const code = module.ran;
    const fromCode = code?.learned ?? [];
    const nothing = this.passing.joined(-1, [fromCode]);
    const facts = new ClassFacts(module.program, nothing);
    const moduleClasses = module.classes;
    const functions = yield* this.functions.of(this.relevant.of(module, facts, moduleClasses), nothing);
    const local = [...functions.values()].flatMap((run) => run.classes);
    const classes = inSourceOrder([...moduleClasses, ...local], module);
    const runs = new Map<FileClass, ClassRun[]>();
    const latest = new Map<FileClass, ClassRun>();
    const modules = classes.filter((of) => facts.isModule(of)).map((of) => ({ of, lineage: facts.lineage(of) }));
    for (let round = 0; round < ROUNDS; round += 1) {
      const learned = [fromCode];
      for (const run of functions.values()) {
        learned.push(run.learned);
      }
      for (const run of latest.values()) {
        learned.push(run.learned);
      }
      const passed = this.passing.joined(round, learned);
      let again = false;
      for (const { of, lineage } of modules) {
        const before = latest.get(of);
        if (before !== undefined && holdsFor(before, lineage, passed)) {
          continue;
        }
        const all = this.runs.get(of);
        const known = all?.find((run) => holdsFor(run, lineage, passed));
        const run = known ?? this.passing.settled(all?.[round] ?? this.former(of, round), runClass(module, of, passed));
        latest.set(of, run);
        const done = runs.get(of);
        if (done === undefined) {
          runs.set(of, [run]);
        } else {
          done.push(run);
        }
        again = true;
        if (known === undefined) {
          yield;
        }
      }
      if (!again) {
        break;
      }
    }
    this.runs = runs;
    const work = [...functions.values(), ...latest.values()];
    const made = [...latest.values()].flatMap((run) => run.classes);
    return {
      module,
      facts,
      classes: made.length === 0 ? classes : inSourceOrder([...classes, ...made], module),
      instances: new Map([...latest].map(([of, run]) => [of, run.instance])),
      work: code === null ? work : [code, ...work],
      functions,
      asked: askedBy(module, work),
    };
  }

  /** What the class of that name ran to before its statement was changed. */
  private former(of: FileClass, round: number): ClassRun | undefined {
    for (const [other, runs] of this.runs) {
      if (other.name === of.name) {
        return runs[round];
      }
    }
    return undefined;
  }
}

/** All modules that may change the result: those that were asked, and those that they asked. */
function askedBy(module: Module, work: readonly (FunctionRun | ClassRun)[]): Set<Module> {
  const asked = new Set<Module>([module]);
  for (const run of work) {
    for (const one of run.reads.modules) {
      asked.add(one);
    }
  }
  // What is added meanwhile is visited too.
  for (const one of asked) {
    one.addAsked(asked);
  }
  return asked;
}

/** One for each statement of the file. */
function inSourceOrder(classes: readonly FileClass[], module: Module): FileClass[] {
  const byUnit = new Map<Unit, FileClass[]>();
  for (const one of classes) {
    if (one.module === module) {
      const all = byUnit.get(one.unit);
      if (all === undefined) {
        byUnit.set(one.unit, [one]);
      } else {
        all.push(one);
      }
    }
  }
  return module.source.units.flatMap(({ unit }) => {
    const all = byUnit.get(unit) ?? [];
    return all.length < 2 ? all : uniqueInUnit(all);
  });
}

/** Only for several classes their statements have to be parsed here. */
function uniqueInUnit(classes: readonly FileClass[]): FileClass[] {
  const byNode = new Map(classes.map((one) => [one.node, one] as const).reverse());
  return [...byNode.values()].sort((a, b) => a.node.start - b.node.start);
}
