/** Definitions that stand in another file than their class, of all files. Pure. */

import { sameItems } from '../interpret/sameItems';
import type { ClassRef, FarDefinition } from '../model/moduleClass';

/** Definitions by the file that knows of them. */
type ByKnower = Map<string, FarDefinition[]>;

export class FarDefinitions {
  private readonly known = new Map<string, readonly FarDefinition[]>();
  private readonly byPlace = new Map<string, ByKnower>();
  private readonly byOwner = new Map<string, ByKnower>();

  /** Takes what a file knows now. */
  set(knower: string, now: readonly FarDefinition[]): void {
    const before = this.known.get(knower) ?? [];
    if (sameItems(before, now)) {
      return;
    }
    for (const { file, owner } of before) {
      this.byPlace.get(file)?.delete(knower);
      this.byOwner.get(keyOf(owner))?.delete(knower);
    }
    this.known.set(knower, now);
    group(this.byPlace, knower, now, (one) => one.file);
    group(this.byOwner, knower, now, (one) => keyOf(one.owner));
  }

  /** What other files know to stand in a file, in the order of their names. */
  in(file: string): readonly FarDefinition[] {
    return inOrder(this.byPlace.get(file), file);
  }

  /** What any file knows of a class. */
  of(owner: ClassRef): readonly FarDefinition[] {
    return inOrder(this.byOwner.get(keyOf(owner)), null);
  }
}

export function keyOf({ file, className }: ClassRef): string {
  return `${file}#${className}`;
}

function group(
  to: Map<string, ByKnower>,
  knower: string,
  all: readonly FarDefinition[],
  key: (one: FarDefinition) => string,
): void {
  for (const one of all) {
    const byKnower = to.get(key(one)) ?? new Map<string, FarDefinition[]>();
    to.set(key(one), byKnower);
    const some = byKnower.get(knower);
    if (some === undefined) {
      byKnower.set(knower, [one]);
    } else {
      some.push(one);
    }
  }
}

/** The order does not hang on which file was mapped first. */
function inOrder(found: ByKnower | undefined, without: string | null): readonly FarDefinition[] {
  if (found === undefined || found.size === 0) {
    return [];
  }
  return [...found]
    .filter(([knower]) => knower !== without)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, all]) => all);
}
