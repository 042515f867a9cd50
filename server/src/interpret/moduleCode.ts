/** Runs the code of a file that is neither class nor function. */

import type { Unit } from '../syntax/unit';
import { execute } from './execute';
import type { FileClass } from './fileClass';
import { freeze } from './frozen';
import type { Learned } from './machine';
import type { Module } from './module';
import { newMachine } from './newMachine';
import { Reads } from './reads';
import type { ModuleValue, Value } from './values';

export interface CodeRun {
  readonly units: readonly Unit[];
  readonly reads: Reads;
  /** By unit the names it gave. */
  readonly bindings: ReadonlyMap<Unit, readonly (readonly [string, Value])[]>;
  /** Classes that stand inside of other statements. */
  readonly classes: readonly FileClass[];
  readonly starred: readonly string[];
  readonly learned: readonly Learned[];
  readonly built: readonly ModuleValue[];
}

export function runCode(module: Module, units: readonly Unit[]): CodeRun {
  const reads = new Reads(module);
  const code = units.filter((unit) => unit.kind === 'code');
  const bindings = new Map<Unit, (readonly [string, Value])[]>();
  const { names } = module.scope;
  const given = new Set<string>();
  const outer = module.running;
  module.running = given;
  const learned: Learned[] = [];
  const built: ModuleValue[] = [];
  const classes: FileClass[] = [];
  module.program.runningCodes += 1;
  try {
    module.program.within(reads, () => {
      for (const unit of code) {
        const machine = newMachine(module, unit);
        const former = names.changedBy(() => execute(machine, unit.statements));
        const bound: (readonly [string, Value])[] = [];
        for (const [name, before] of former) {
          const value = names.get(name);
          if (value !== undefined && value !== before) {
            given.add(name);
            bound.push([name, value]);
          }
        }
        bindings.set(unit, bound);
        learned.push(...machine.learned);
        built.push(...machine.built);
        classes.push(...machine.classes.values());
      }
    });
  } finally {
    module.program.runningCodes -= 1;
    module.running = outer;
  }
  reads.drop(module, given);
  for (const all of bindings.values()) {
    for (const [, value] of all) {
      freeze(value);
    }
  }
  return { units: code, reads, bindings, classes, starred: module.starredSoFar, learned, built };
}
