/** Which class each registration belongs to: the class whose code it is, the base that wrote the line, the class whose instance holds it. */

import type { Analysis } from '../interpret/analyze';
import { type Found, registrationsBelow } from '../interpret/collect';
import type { FileClass } from '../interpret/fileClass';
import type { Work } from '../interpret/runs';
import { sameItems } from '../interpret/sameItems';
import type { ModuleValue } from '../interpret/values';
import { segmentsMatch, usesOf } from './layerUses';

type ByOwner = ReadonlyMap<FileClass, readonly Found[]>;

/** What the run of one class tells. */
interface Told {
  readonly instance: ModuleValue;
  readonly lineage: readonly FileClass[];
  readonly subclasses: readonly FileClass[];
  /** Of the class itself. */
  readonly own: readonly Found[];
  readonly others: ByOwner;
}

const NONE: readonly FileClass[] = [];

/** Keeps what it found out of runs that stay the same: an edit changes a class or two of many. */
export class Ownership {
  private told = new Map<FileClass, Told>();
  private readonly built = new WeakMap<Pick<Work, 'built'>, ByOwner>();
  private lists = new Map<FileClass, { parts: readonly (readonly Found[])[]; all: readonly Found[] }>();

  /** What belongs to each class. A list is the same object as the last time where nothing in it has changed. */
  of(analysis: Analysis): ByOwner {
    const parts = new Map<FileClass, (readonly Found[])[]>();
    const add = (owner: FileClass, list: readonly Found[]): void => {
      const all = parts.get(owner);
      if (all === undefined) {
        parts.set(owner, [list]);
      } else {
        all.push(list);
      }
    };
    const all = this.tellAll(analysis);
    for (const [of, { own }] of all) {
      if (own.length > 0) {
        add(of, own);
      }
    }
    for (const { others } of all.values()) {
      for (const [owner, list] of others) {
        add(owner, list);
      }
    }
    for (const work of analysis.work) {
      for (const [holder, list] of this.builtBy(analysis, work)) {
        add(holder, list);
      }
    }
    this.told = all;
    const lists = new Map<FileClass, { parts: readonly (readonly Found[])[]; all: readonly Found[] }>();
    for (const [owner, now] of parts) {
      const before = this.lists.get(owner);
      const own = all.get(owner)?.own;
      lists.set(
        owner,
        before !== undefined && sameItems(before.parts, now)
          ? before
          : { parts: now, all: own !== undefined && now[0] === own ? joined(own, now.slice(1)) : joined([], now) },
      );
    }
    this.lists = lists;
    return new Map([...lists].map(([owner, one]) => [owner, one.all]));
  }

  private tellAll(analysis: Analysis): Map<FileClass, Told> {
    const subclasses = subclassesIn(analysis);
    const all = new Map<FileClass, Told>();
    for (const [of, instance] of analysis.instances) {
      const lineage = analysis.facts.lineage(of);
      const below = subclasses.get(of) ?? NONE;
      const before = this.told.get(of);
      const holds =
        before?.instance === instance && sameItems(before.lineage, lineage) && sameItems(before.subclasses, below);
      all.set(of, holds ? before : tell(analysis, of, instance, lineage, below));
    }
    return all;
  }

  private builtBy(analysis: Analysis, work: Pick<Work, 'built'>): ByOwner {
    let known = this.built.get(work);
    if (known === undefined) {
      const held = new Map<FileClass, Found[]>();
      for (const instance of work.built) {
        if (instance.of !== null && instance.registrations.length > 0) {
          for (const one of registrationsBelow(instance, () => false)) {
            addToHolder(analysis, one, held, true);
          }
        }
      }
      known = held;
      this.built.set(work, known);
    }
    return known;
  }
}

function tell(
  analysis: Analysis,
  of: FileClass,
  instance: ModuleValue,
  lineage: readonly FileClass[],
  subclasses: readonly FileClass[],
): Told {
  const called = calledNames([...lineage, ...subclasses]);
  const found = registrationsBelow(instance, (name, one) =>
    matchesAny(name, one.child.plausibility === 'weakest' ? called.itself : called.all),
  );
  const bases = new Set(lineage.slice(1));
  const others = new Map<FileClass, Found[]>();
  for (const one of found) {
    const { owner } = one.site;
    addToHolder(analysis, one, others, one.outer);
    if (owner !== null && bases.has(owner)) {
      push(others, owner, one);
    }
  }
  return { instance, lineage, subclasses, own: found.filter((one) => one.site.owner === of), others };
}

/** What other code builds belongs to the class whose instance holds it: what a function makes, what is handed over. */
function addToHolder(analysis: Analysis, one: Found, to: Map<FileClass, Found[]>, isGiven: boolean): void {
  const { holder } = one;
  const { owner } = one.site;
  if (holder === null || (owner !== null && analysis.facts.lineage(holder).includes(owner))) {
    return;
  }
  const isOfModules = owner !== null && analysis.facts.isModule(owner);
  // Another instance of the class may be given something else.
  const certain = one.certain && !isGiven;
  push(to, holder, { ...one, pattern: one.holderPattern, held: isOfModules, outer: false, certain });
}

function push(to: Map<FileClass, Found[]>, owner: FileClass, one: Found): void {
  const all = to.get(owner);
  if (all === undefined) {
    to.set(owner, [one]);
  } else {
    all.push(one);
  }
}

/** A class's own list as it is; of the others what says anything new. */
function joined(own: readonly Found[], others: readonly (readonly Found[])[]): readonly Found[] {
  const all = [...own];
  for (const one of others.flat()) {
    const isKnown = all.some(
      (other) =>
        other.pattern === one.pattern &&
        other.site.unit === one.site.unit &&
        other.site.span.start === one.site.span.start,
    );
    if (!isKnown) {
      all.push(one);
    }
  }
  return all;
}

function subclassesIn(analysis: Analysis): Map<FileClass, FileClass[]> {
  const subclasses = new Map<FileClass, FileClass[]>();
  for (const one of analysis.classes) {
    for (const base of analysis.facts.lineage(one)) {
      if (base !== one) {
        const all = subclasses.get(base);
        if (all === undefined) {
          subclasses.set(base, [one]);
        } else {
          all.push(one);
        }
      }
    }
  }
  return subclasses;
}

/** First names of what methods call: all, and those that are called themselves, or an item of them, not a method. */
interface Called {
  readonly all: ReadonlySet<string>;
  readonly itself: ReadonlySet<string>;
}

function calledNames(family: readonly FileClass[]): Called {
  const all = new Set<string>();
  const itself = new Set<string>();
  for (const { pattern } of family.flatMap(usesOf)) {
    const [first = '', ...rest] = pattern.split('.');
    all.add(first);
    if (rest.every((one) => one === '*' || /^\d+$/.test(one))) {
      itself.add(first);
    }
  }
  return { all, itself };
}

function matchesAny(name: string, called: ReadonlySet<string>): boolean {
  return called.has(name) || (name.includes('*') && [...called].some((one) => segmentsMatch(name, one)));
}
