/** What a class's code registers, as layer definitions. */

import type { LayerDefinition } from '../model/moduleClass';
import type { Analysis } from './interpret/analyze';
import { constructorOf, type Found, registrationsBelow } from './interpret/collect';
import type { FileClass } from './interpret/values';
import { segmentsMatch } from './layerUses';
import type { LineIndex } from './lineIndex';
import type { RawUse } from './uses';

/** What every class's code registers: in its own instances, in those of its subclasses, in what functions build. */
export function definitionsByOwner(
  analysis: Analysis,
  uses: ReadonlyMap<FileClass, readonly RawUse[]>,
): Map<FileClass, Found[]> {
  const byOwner = new Map<FileClass, Found[]>();
  const add = (owner: FileClass, one: Found): void => {
    const all = byOwner.get(owner) ?? [];
    byOwner.set(owner, all);
    all.push(one);
  };
  const own: (readonly [FileClass, Found[]])[] = [...analysis.instances].map(([of, instance]) => {
    const called = calledNames(analysis, of, uses);
    return [of, registrationsBelow(instance, (name) => matchesAny(name, called))] as const;
  });
  for (const [of, all] of own) {
    for (const one of all.filter((each) => each.site.owner === of)) {
      add(of, one);
    }
  }
  const isNew = (owner: FileClass, one: Found): boolean =>
    !(byOwner.get(owner) ?? []).some(
      (other) => other.pattern === one.pattern && other.site.span.start === one.site.span.start,
    );
  /** What a function of the file builds belongs to the class whose instance holds it. */
  const addOfFunction = (one: Found): void => {
    const held = { ...one, pattern: one.holderPattern };
    if (one.site.owner === null && one.holder !== null && isNew(one.holder, held)) {
      add(one.holder, held);
    }
  };
  for (const [of, all] of own) {
    const bases = new Set(analysis.facts.lineage(of).slice(1));
    for (const one of all) {
      const { owner } = one.site;
      addOfFunction(one);
      if (owner !== null && bases.has(owner) && isNew(owner, one)) {
        add(owner, one);
      }
    }
  }
  for (const instance of analysis.built) {
    if (instance.of !== null && instance.registrations.length > 0) {
      for (const one of registrationsBelow(instance, () => false)) {
        addOfFunction(one);
      }
    }
  }
  return byOwner;
}

/** First names of what methods of the class, its bases and its subclasses call. */
function calledNames(analysis: Analysis, of: FileClass, uses: ReadonlyMap<FileClass, readonly RawUse[]>): Set<string> {
  const family = analysis.classes.filter(
    (one) => analysis.facts.lineage(one).includes(of) || analysis.facts.lineage(of).includes(one),
  );
  return new Set(family.flatMap((one) => (uses.get(one) ?? []).map((use) => use.pattern.split('.')[0] ?? '')));
}

function matchesAny(name: string, called: ReadonlySet<string>): boolean {
  return called.has(name) || (name.includes('*') && [...called].some((one) => segmentsMatch(name, one)));
}

/** Sorted by place; equal patterns of one place once; several indices from one place as `*`. */
export function definitions(found: readonly Found[], lines: LineIndex, text: string): LayerDefinition[] {
  const byPlace = new Map<string, Found[]>();
  for (const one of found) {
    const key = `${one.site.span.start}:${one.site.span.end}`;
    byPlace.set(key, [...(byPlace.get(key) ?? []), one]);
  }
  const places = [...byPlace.values()].sort(
    ([a], [b]) =>
      (a?.site.span.start ?? 0) - (b?.site.span.start ?? 0) || (b?.site.span.end ?? 0) - (a?.site.span.end ?? 0),
  );
  return places.flatMap((all) => {
    const [first] = all;
    if (first === undefined) {
      return [];
    }
    const certain = new Map<string, boolean>();
    const sites = new Map<string, Found>();
    for (const [pattern, one] of openIndices(all)) {
      certain.set(pattern, (certain.get(pattern) ?? false) || one.certain);
      sites.set(pattern, sites.get(pattern) ?? one);
    }
    return [...certain].map(([pattern, sure]): LayerDefinition => {
      const site = sites.get(pattern)?.site ?? first.site;
      return {
        pattern,
        range: lines.range(site.span.start, site.span.end),
        constructorName: constructorOf(site.expression, text),
        certain: sure,
      };
    });
  });
}

/** Where one place gives several indices of one container, the index is `*`. */
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
      /^\d+$/.test(segments[at] ?? '') && (values.get(keyOf(segments))?.size ?? 0) > 1
        ? segments.map((one, index) => (index === at ? '*' : one))
        : segments,
    );
  }
  return all.flatMap((one, index): [string, Found][] => [[patterns[index]?.join('.') ?? one.pattern, one]]);
}
