/** What a class's code registers, as layer definitions. */

import type { Analysis } from '../interpret/analyze';
import { constructorOf, type Found, registrationsBelow } from '../interpret/collect';
import type { FileClass } from '../interpret/fileClass';
import { homeOf } from '../interpret/module';

import type { ModuleValue, Registration } from '../interpret/values';
import type { LayerDefinition, SourceRange } from '../model/moduleClass';
import type { Unit } from '../syntax/unit';
import { segmentsMatch, usesOf } from './layerUses';

/** What every class's code registers: in its own instances, in those of its subclasses, in what functions build. */
export function definitionsByOwner(analysis: Analysis): Map<FileClass, Found[]> {
  const byOwner = new Map<FileClass, Found[]>();
  const add = (owner: FileClass, one: Found): void => {
    const all = byOwner.get(owner) ?? [];
    byOwner.set(owner, all);
    all.push(one);
  };
  const families = familiesOf(analysis);
  const own: (readonly [FileClass, readonly Found[]])[] = [...analysis.instances].map(
    ([of, instance]) => [of, registrationsOf(instance, calledNames(families.get(of) ?? []))] as const,
  );
  for (const [of, all] of own) {
    for (const one of all.filter((each) => each.site.owner === of)) {
      add(of, one);
    }
  }
  const isNew = (owner: FileClass, one: Found): boolean =>
    !(byOwner.get(owner) ?? []).some(
      (other) =>
        other.pattern === one.pattern &&
        other.site.unit === one.site.unit &&
        other.site.span.start === one.site.span.start,
    );
  const isModules = (owner: FileClass | null): boolean => owner !== null && analysis.facts.isModule(owner);
  /** What other code builds belongs to the class whose instance holds it: what a function makes, what is handed over. */
  const addToHolder = (one: Found, isGiven: boolean): void => {
    const { holder } = one;
    const { owner } = one.site;
    if (holder === null || (owner !== null && analysis.facts.lineage(holder).includes(owner))) {
      return;
    }
    const held = heldOf(one, isModules(owner), isGiven);
    if (isNew(holder, held)) {
      add(holder, held);
    }
  };
  for (const [of, all] of own) {
    const bases = new Set(analysis.facts.lineage(of).slice(1));
    for (const one of all) {
      const { owner } = one.site;
      addToHolder(one, one.outer);
      if (owner !== null && bases.has(owner) && isNew(owner, one)) {
        add(owner, one);
      }
    }
  }
  for (const instance of analysis.built) {
    if (instance.of !== null && instance.registrations.length > 0) {
      for (const one of registrationsBelow(instance, () => false)) {
        addToHolder(one, true);
      }
    }
  }
  return byOwner;
}

const heldByFound = new WeakMap<Found, Found>();

/** The same object each time, so that what hangs on it can be told to be unchanged. */
function heldOf(one: Found, isOfModules: boolean, isGiven: boolean): Found {
  let held = heldByFound.get(one);
  if (held === undefined) {
    // Another instance of the class may be given something else.
    const certain = one.certain && !isGiven;
    held = { ...one, pattern: one.holderPattern, held: isOfModules, outer: false, certain };
    heldByFound.set(one, held);
  }
  return held;
}

const registrationsByInstance = new WeakMap<ModuleValue, { called: string; found: readonly Found[] }>();

/** An instance does not change once its class has run, so neither does what it registers. */
function registrationsOf(instance: ModuleValue, called: Called): readonly Found[] {
  const key = `${[...called.all].join(' ')}|${[...called.itself].join(' ')}`;
  let known = registrationsByInstance.get(instance);
  if (known?.called !== key) {
    const isLayer = (name: string, one: Registration): boolean =>
      matchesAny(name, one.child.plausibility === 'weakest' ? called.itself : called.all);
    known = { called: key, found: registrationsBelow(instance, isLayer) };
    registrationsByInstance.set(instance, known);
  }
  return known.found;
}

/** By class: itself, its bases and its subclasses. */
function familiesOf(analysis: Analysis): Map<FileClass, FileClass[]> {
  const subclasses = new Map<FileClass, FileClass[]>();
  for (const one of analysis.classes) {
    for (const base of analysis.facts.lineage(one)) {
      if (base !== one) {
        const all = subclasses.get(base) ?? [];
        subclasses.set(base, all);
        all.push(one);
      }
    }
  }
  return new Map(
    [...analysis.instances.keys()].map((of) => [of, [...analysis.facts.lineage(of), ...(subclasses.get(of) ?? [])]]),
  );
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

/** A definition and the file it stands in. */
export interface PlacedDefinition {
  readonly file: string;
  readonly definition: LayerDefinition;
}

/** Tells lines and columns of a span of a unit. */
export type RangeOf = (unit: Unit, start: number, end: number) => SourceRange;

/** Sorted by place; equal patterns of one place once; known indices beside one that is not known as `*`. */
export function definitions(found: readonly Found[], rangeOf: RangeOf): PlacedDefinition[] {
  const byPlace = new Map<Unit, Map<string, Found[]>>();
  for (const one of found) {
    const { unit, span } = one.site;
    if (unit !== null) {
      const places = byPlace.get(unit) ?? new Map<string, Found[]>();
      byPlace.set(unit, places);
      const key = `${span.start}:${span.end}`;
      places.set(key, [...(places.get(key) ?? []), one]);
    }
  }
  const placed = [...byPlace].flatMap(([unit, places]) => {
    const home = homeOf(unit);
    return home === null
      ? []
      : [...places.values()].flatMap((all) =>
          definitionsAt(all, unit, rangeOf).map((definition) => ({ file: home.file, definition })),
        );
  });
  return placed.sort((a, b) => byRange(a.definition.range, b.definition.range));
}

function byRange(a: SourceRange, b: SourceRange): number {
  return a.line - b.line || a.column - b.column || b.endLine - a.endLine || b.endColumn - a.endColumn;
}

function definitionsAt(all: readonly Found[], unit: Unit, rangeOf: RangeOf): LayerDefinition[] {
  const certain = new Map<string, boolean>();
  const sites = new Map<string, Found>();
  for (const [pattern, one] of openIndices(all)) {
    certain.set(pattern, (certain.get(pattern) ?? false) || one.certain);
    sites.set(pattern, sites.get(pattern) ?? one);
  }
  return [...certain].flatMap(([pattern, sure]): LayerDefinition[] => {
    const first = sites.get(pattern);
    return first === undefined
      ? []
      : [
          {
            pattern,
            range: rangeOf(unit, first.site.span.start, first.site.span.end),
            constructorName: constructorOf(first.site.expression, unit.text),
            certain: sure,
            ...(first.held ? { held: true } : {}),
            ...(first.outer ? { outer: true } : {}),
          },
        ];
  });
}

/** Where one place gives an index that is not known beside others, all of them are `*`. */
function openIndices(all: readonly Found[]): [string, Found][] {
  let patterns = all.map((one) => one.pattern.split('.'));
  const depth = Math.max(...patterns.map((one) => one.length));
  for (let at = 0; at < depth; at += 1) {
    const values = new Map<string, Set<string>>();
    const keyOf = (segments: readonly string[]): string =>
      segments.map((one, index) => (index === at ? '' : one)).join('.');
    for (const segments of patterns) {
      const segment = segments[at] ?? '';
      if (/^(\d+|\*)$/.test(segment)) {
        values.set(keyOf(segments), (values.get(keyOf(segments)) ?? new Set()).add(segment));
      }
    }
    patterns = patterns.map((segments) =>
      /^\d+$/.test(segments[at] ?? '') && values.get(keyOf(segments))?.has('*') === true
        ? segments.map((one, index) => (index === at ? '*' : one))
        : segments,
    );
  }
  return all.flatMap((one, index): [string, Found][] => [[patterns[index]?.join('.') ?? one.pattern, one]]);
}
