/** What calls pass to the parameters of classes, joined from the runs of a file, one version after another. */

import { alike, type Passed } from './classFacts';
import type { FileClass } from './fileClass';
import type { Learned } from './machine';
import type { Value } from './values';

/** Values told apart that are kept for one parameter. */
const MAX_PASSED = 8;

interface Joined {
  readonly all: readonly (readonly Learned[])[];
  readonly passed: Passed;
}

export class Passing {
  private readonly rounds = new Map<number, Joined>();

  /** Joins what several pieces of work learnt, in their order; the same object as for that round before where they are the same. */
  joined(round: number, all: readonly (readonly Learned[])[]): Passed {
    const before = this.rounds.get(round);
    if (before?.all.length === all.length && all.every((one, index) => one === before.all[index])) {
      return before.passed;
    }
    const passed = joinPassed(all);
    this.rounds.set(round, { all, passed });
    return passed;
  }

  /** The new run, with the former one's list where it learnt the same: most edits change nothing of what is passed on. */
  settled<T extends { readonly learned: readonly Learned[] }>(former: T | undefined, run: T): T {
    const isSame =
      former !== undefined &&
      former.learned.length === run.learned.length &&
      former.learned.every((one, index) => isSameLearned(one, run.learned[index]));
    return isSame ? { ...run, learned: former.learned } : run;
  }
}

/** True where the two tell the same of what a class is given. */
export function isSameLearned(a: Learned, b: Learned | undefined): boolean {
  return b !== undefined && a.of === b.of && a.parameter === b.parameter && alike(a.value, b.value);
}

function joinPassed(all: readonly (readonly Learned[])[]): Passed {
  const passed = new Map<FileClass, Map<string, Value[]>>();
  for (const learned of all) {
    for (const { of, parameter, value } of learned) {
      const byName = passed.get(of) ?? new Map<string, Value[]>();
      passed.set(of, byName);
      const values = byName.get(parameter) ?? [];
      byName.set(parameter, values);
      if (values.length < MAX_PASSED && !values.some((other) => alike(value, other))) {
        values.push(value);
      }
    }
  }
  return passed;
}
