/** Analyzes a file: every module class, and the functions that build modules. What did not change is not run again. */

import type { FunctionNode } from '../syntax/python/ast';
import type { Unit } from '../syntax/unit';
import { ClassFacts } from './classFacts';
import type { FileClass } from './fileClass';
import type { Module } from './module';
import { type ClassRun, type FunctionRun, holdsFor, joinPassed, runClass, runFunction, type Work } from './runs';
import { lastName } from './torchNames';
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
  readonly functions: ReadonlyMap<FunctionNode, FunctionRun>;
  /** Modules whose names this hangs on; changes of them may change it. */
  readonly asked: ReadonlySet<Module>;
}

/** The analyses of one file, one after another. */
export class Analyzer {
  private functions = new Map<FunctionNode, FunctionRun>();
  private runs = new Map<FileClass, readonly ClassRun[]>();

  constructor(private readonly module: Module) {}

  /** Yields between pieces of work, each of which takes some milliseconds at most. */
  *analyze(): Generator<void, Analysis> {
    const { module } = this;
    const code = module.ran;
    const functions = new Map<FunctionNode, FunctionRun>();
    const fromCode = code?.learned ?? [];
    const nothing = joinPassed([fromCode]);
    for (const value of relevantFunctions(module)) {
      const { node } = value;
      if (node !== null) {
        const known = this.functions.get(node);
        functions.set(node, known?.reads.hold() === true ? known : runFunction(module, value, nothing));
        yield;
      }
    }
    this.functions = functions;
    const local = [...functions.values()].flatMap((run) => run.classes);
    const facts = new ClassFacts(module.program, nothing);
    const classes = uniqueClasses([...module.classes, ...local], module);
    const runs = new Map<FileClass, ClassRun[]>();
    const latest = new Map<FileClass, ClassRun>();
    for (let round = 0; round < ROUNDS; round += 1) {
      const learned = [...functions.values(), ...latest.values()].map((run) => run.learned);
      const passed = joinPassed([fromCode, ...learned]);
      let again = false;
      for (const of of classes) {
        if (!facts.isModule(of)) {
          continue;
        }
        const lineage = facts.lineage(of);
        const before = latest.get(of);
        if (before !== undefined && holdsFor(before, lineage, passed)) {
          continue;
        }
        const known = this.runs.get(of)?.find((run) => holdsFor(run, lineage, passed));
        const run = known ?? runClass(module, of, passed);
        latest.set(of, run);
        runs.set(of, [...(runs.get(of) ?? []), run]);
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
    const all = uniqueClasses([...classes, ...[...latest.values()].flatMap((run) => run.classes)], module);
    return {
      module,
      facts,
      classes: all,
      instances: new Map([...latest].map(([of, run]) => [of, run.instance])),
      work: code === null ? work : [code, ...work],
      functions,
      asked: askedBy(module, work),
    };
  }
}

/** All modules that may change the result: those that were asked, and those that they asked. */
function askedBy(module: Module, work: readonly (FunctionRun | ClassRun)[]): Set<Module> {
  const asked = new Set<Module>();
  const open = [module, ...work.flatMap((run) => [...run.reads.modules])];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (!asked.has(next)) {
      asked.add(next);
      open.push(...next.asked);
    }
  }
  return asked;
}

/** One for each statement of the file, in source order. */
function uniqueClasses(classes: readonly FileClass[], module: Module): FileClass[] {
  const byUnit = new Map<Unit, FileClass[]>();
  for (const one of classes.filter((each) => each.module === module)) {
    byUnit.set(one.unit, [...(byUnit.get(one.unit) ?? []), one]);
  }
  return [...byUnit]
    .sort(([a], [b]) => module.placeOf(a).start - module.placeOf(b).start)
    .flatMap(([, all]) => (all.length < 2 ? all : uniqueInUnit(all)));
}

/** Only for several classes their statements have to be parsed here. */
function uniqueInUnit(classes: readonly FileClass[]): FileClass[] {
  const byNode = new Map(classes.map((one) => [one.node, one] as const).reverse());
  return [...byNode.values()].sort((a, b) => a.node.start - b.node.start);
}

/** Functions that name a module class of the file or hold a class, and those that name such functions. */
function relevantFunctions(module: Module): FunctionValue[] {
  const facts = new ClassFacts(module.program, new Map());
  const functions = [...module.scope.names.values()].filter(
    (value): value is FunctionValue => value.kind === 'function',
  );
  const wanted = module.classes.filter((one) => facts.isModule(one)).map((one) => lastName(one.name));
  const found = new Set<FunctionValue>();
  let names = new Set(wanted);
  for (let isFirst = true; isFirst || names.size > 0; isFirst = false) {
    const key = [...names].join(' ');
    const more = functions.filter((one) => !found.has(one) && one.unit !== null && mentions(one.unit, names, key));
    for (const one of more) {
      found.add(one);
    }
    names = new Set(more.map((one) => one.name));
  }
  return functions.filter((one) => found.has(one));
}

const mentionsByUnit = new WeakMap<Unit, Map<string, boolean>>();
/** Lists of names remembered for one function. */
const MAX_KEYS = 4;

/** True where the function holds a class or has one of the names, told once for the same names. Not parsed: most have none. */
function mentions(unit: Unit, names: ReadonlySet<string>, key: string): boolean {
  let known = mentionsByUnit.get(unit);
  if (known === undefined || known.size > MAX_KEYS) {
    known = new Map();
    mentionsByUnit.set(unit, known);
  }
  let answer = known.get(key);
  if (answer === undefined) {
    // Decorators are not the function's own code.
    const body = unit.text.slice(Math.max(0, unit.text.search(/^(?:async[ \t\f]+)?def[ \t\f]/m)));
    answer = HOLDS_CLASS.test(body) || hasWord(body, names);
    known.set(key, answer);
  }
  return answer;
}

const HOLDS_CLASS = /[\r\n][ \t\f]+class\s+\w+\s*[([]/;
const WORD = /[\p{L}\p{Nl}_][\p{L}\p{N}\p{M}\p{Pc}]*/gu;

function hasWord(text: string, words: ReadonlySet<string>): boolean {
  if (words.size === 0) {
    return false;
  }
  WORD.lastIndex = 0;
  for (let match = WORD.exec(text); match !== null; match = WORD.exec(text)) {
    if (words.has(match[0])) {
      return true;
    }
  }
  return false;
}
