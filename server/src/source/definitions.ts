/** What is registered, as layer definitions with their lines. */

import { constructorOf, type Found } from '../interpret/collect';
import { homeOf } from '../interpret/module';
import type { LayerDefinition, SourceRange } from '../model/moduleClass';
import { rangeIn } from '../syntax/lineIndex';
import type { PlacedUnit, Unit } from '../syntax/unit';

/** A definition and the file it stands in. */
export interface PlacedDefinition {
  readonly file: string;
  readonly definition: LayerDefinition;
}

/** Sorted by place; equal patterns of one place once; known indices beside one that is not known as `*`. */
export function definitions(found: readonly Found[]): PlacedDefinition[] {
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
          definitionsAt(all, home.placeOf(unit)).map((definition) => ({ file: home.file, definition })),
        );
  });
  return placed.sort((a, b) => byRange(a.definition.range, b.definition.range));
}

function byRange(a: SourceRange, b: SourceRange): number {
  return a.line - b.line || a.column - b.column || b.endLine - a.endLine || b.endColumn - a.endColumn;
}

function definitionsAt(all: readonly Found[], placed: PlacedUnit): LayerDefinition[] {
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
            range: rangeIn(placed, first.site.span.start, first.site.span.end),
            constructorName: constructorOf(first.site.expression, placed.unit.text),
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
