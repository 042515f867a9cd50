/** The state of one abstract interpretation: what has run, how sure it is, and how much may still run. */

import type { ClassNode, Span, Statement } from '../syntax/python/ast';
import type { Unit } from '../syntax/unit';
import type { ClassFacts } from './classFacts';
import type { FileClass } from './fileClass';
import { isFrozen } from './frozen';
import type { Module } from './module';
import type { Names } from './names';
import type { Program } from './program';
import { type ListValue, type ModuleValue, type Scope, type Site, union, type Value } from './values';

/** One activation of a function, or the module's own code. */
export interface Frame {
  readonly scope: Scope;
  /** The class whose code runs; null in functions and on module level. */
  readonly owner: FileClass | null;
  /** The class whose method runs, for `super()`. */
  readonly self: Value | null;
  readonly returns: Value[];
  readonly yields: ListValue;
  readonly body: unknown;
  readonly qualifiedName: string;
  /** Where the code stands. */
  readonly unit: Unit | null;
}

/** What a call passes for a parameter of a class, where that is a class, a function or a module. */
export interface Learned {
  readonly of: FileClass;
  readonly parameter: string;
  readonly value: Value;
}

export interface Machine {
  readonly program: Program;
  /** Classes that statements inside of others defined. */
  readonly classes: Map<ClassNode, FileClass>;
  readonly learned: Learned[];
  readonly facts: ClassFacts;
  frame: Frame;
  readonly stack: Frame[];
  /** The module whose work this is. */
  readonly home: Module;
  /** Evaluations that a call of a function in another file may take. */
  readonly stepsElsewhere: number;
  /** Evaluations left; at zero everything further is unknown. */
  steps: number;
  /** Above zero where the code that runs may not run: in a branch, behind a conditional return. */
  doubt: number;
  /** Nesting of loops that are run once for all their iterations. */
  repeat: number;
  /** Former `next` of containers that changed, for joining branches. */
  readonly trail: { target: ListValue | ModuleValue; next: number | null }[];
  /** Loop nesting in which a container was made. */
  readonly madeIn: WeakMap<ListValue | ModuleValue, number>;
  /** Instances of module classes that were built, with the frame depth. */
  readonly built: ModuleValue[];
  readonly ran: Set<readonly Statement[]>;
  /** The statement that runs: a call such as `layers.append(...)` registers as a whole. */
  statement: Span | null;
}

export function spend(machine: Machine): boolean {
  machine.steps -= 1;
  return machine.steps > 0;
}

export function siteOf(machine: Machine, span: Span, expression: Site['expression']): Site {
  return {
    span: { start: span.start, end: span.end },
    unit: machine.frame.unit,
    expression,
    owner: machine.frame.owner,
    code: machine.frame.body,
  };
}

export function newList(machine: Machine): ListValue {
  const list: ListValue = { kind: 'list', items: [], next: 0 };
  machine.madeIn.set(list, machine.repeat);
  return list;
}

export function setNext(machine: Machine, target: ListValue | ModuleValue, next: number | null): void {
  if (!isFrozen(target)) {
    machine.trail.push({ target, next: target.next });
    target.next = next;
  }
}

/** The index at which something added now stands: not known where one loop body stands for many rounds. */
export function keyNow(machine: Machine, target: ListValue | ModuleValue): number | '*' {
  const repeated = machine.repeat > (machine.madeIn.get(target) ?? 0);
  return repeated || target.next === null ? '*' : target.next;
}

/** What one of several ways leaves behind: the names it changed, undefined for those it deleted, and how long lists are. */
interface End {
  readonly left: boolean;
  readonly changed: ReadonlyMap<string, Value | undefined>;
  readonly nexts: ReadonlyMap<ListValue | ModuleValue, number | null>;
}

/** Runs the ways that the program may take, and joins what they leave behind. Each gives true where it does not come to its end. */
export function alternatives(machine: Machine, ways: readonly (() => boolean)[]): boolean[] {
  const { names } = machine.frame.scope;
  const mark = machine.trail.length;
  const ends: End[] = [];
  for (const way of ways) {
    machine.doubt += 1;
    const { doubt } = machine;
    let left = false;
    const former = names.changedBy(() => {
      left = way();
    });
    machine.doubt = doubt - 1;
    const changed = new Map([...former.keys()].map((name) => [name, names.get(name)] as const));
    ends.push({ left, changed, nexts: rollBack(machine, mark) });
    names.takeBack(former);
  }
  const through = ends.filter((end) => !end.left);
  const joined = through.length === 0 ? ends : through;
  joinNames(names, joined);
  const targets = new Set(joined.flatMap((end) => [...end.nexts.keys()]));
  for (const target of targets) {
    const [first, ...others] = joined.map((end) =>
      end.nexts.has(target) ? (end.nexts.get(target) ?? null) : target.next,
    );
    setNext(machine, target, others.every((other) => other === first) ? (first ?? null) : null);
  }
  return ends.map((end) => end.left);
}

function rollBack(machine: Machine, mark: number): Map<ListValue | ModuleValue, number | null> {
  const nexts = new Map<ListValue | ModuleValue, number | null>();
  while (machine.trail.length > mark) {
    const entry = machine.trail.pop();
    if (entry !== undefined) {
      if (!nexts.has(entry.target)) {
        nexts.set(entry.target, entry.target.next);
      }
      entry.target.next = entry.next;
    }
  }
  return nexts;
}

/** A name that only some of the ways gave is what those gave. */
function joinNames(names: Names, ends: readonly End[]): void {
  for (const name of new Set(ends.flatMap((end) => [...end.changed.keys()]))) {
    const values = ends.flatMap(({ changed }) => (changed.has(name) ? changed.get(name) : names.get(name)) ?? []);
    const [first, ...others] = values;
    if (first !== undefined) {
      names.set(name, others.every((other) => other === first) ? first : union(values));
    }
  }
}
