/** The runs of a file's functions, one version of the file after another. */

import type { Unit } from '../syntax/unit';
import { wordsIn } from '../syntax/words';
import type { Passed } from './classFacts';
import { registrationsBelow } from './collect';
import type { Module } from './module';
import { isSameLearned, type Passing } from './passing';
import { type FunctionRun, runFunction } from './runs';
import type { FunctionValue } from './values';

/** So many functions that name the same things and came out alike tell what further ones do: `resnet18`, `resnet34` and so on. */
const TOLD_BY = 3;

export class FunctionRuns {
  private ran = new Map<FunctionValue, FunctionRun>();
  private readonly keys = new WeakMap<Unit, { readonly nameSet: number; readonly key: string }>();
  private readonly standIns = new WeakMap<FunctionValue, FunctionRun>();

  constructor(
    private readonly module: Module,
    private readonly passing: Passing,
  ) {}

  /** Yields after each function that ran. */
  *of(functions: readonly FunctionValue[], passed: Passed): Generator<void, Map<FunctionValue, FunctionRun>> {
    const ran = new Map<FunctionValue, FunctionRun>();
    const all = new Map<FunctionValue, FunctionRun>();
    const groups = new Map<string, Group>();
    for (const value of functions) {
      const { unit } = value;
      if (unit === null) {
        continue;
      }
      const key = this.mentioned(unit);
      const group = groups.get(key) ?? { runs: [], isAlike: true };
      groups.set(key, group);
      const [first] = group.runs;
      if (group.isAlike && group.runs.length >= TOLD_BY && first !== undefined) {
        all.set(value, this.standIn(value, first));
        continue;
      }
      const known = this.ran.get(value);
      const holds = known?.reads.hold() === true;
      const run = holds ? known : this.passing.settled(known, runFunction(this.module, value, passed));
      ran.set(value, run);
      all.set(value, run);
      group.isAlike &&= !registersItself(run, unit) && (first === undefined || isAlike(first, run));
      group.runs.push(run);
      if (!holds) {
        yield;
      }
    }
    this.ran = ran;
    return all;
  }

  private standIn(value: FunctionValue, run: FunctionRun): FunctionRun {
    let known = this.standIns.get(value);
    if (known?.reads !== run.reads) {
      known = { ...run, learned: [], built: [], classes: [] };
      this.standIns.set(value, known);
    }
    return known;
  }

  /** What a function names of the file, as one text. */
  private mentioned(unit: Unit): string {
    const { scope, nameSet } = this.module;
    const known = this.keys.get(unit);
    if (known?.nameSet === nameSet) {
      return known.key;
    }
    const key = [...wordsIn(unit)].filter((word) => scope.names.has(word) && word !== unit.name).join(' ');
    this.keys.set(unit, { nameSet, key });
    return key;
  }
}

interface Group {
  readonly runs: FunctionRun[];
  isAlike: boolean;
}

function isAlike(a: FunctionRun, b: FunctionRun): boolean {
  return (
    a.classes.length === 0 &&
    b.classes.length === 0 &&
    a.returned.length === b.returned.length &&
    a.returned.every((one, index) => one === b.returned[index]) &&
    a.learned.length === b.learned.length &&
    a.learned.every((one, index) => isSameLearned(one, b.learned[index]))
  );
}

/** True where the function's own code registers something in what it builds: it is then told from its own lines alone. */
function registersItself({ built }: FunctionRun, unit: Unit): boolean {
  return built.some((instance) => registrationsBelow(instance, () => true).some((one) => one.site.unit === unit));
}
