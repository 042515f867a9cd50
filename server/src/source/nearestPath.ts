/** The path of a model that is most like one that does not exist. Pure. */

import { editDistance } from './editDistance';
import { fits } from './segments';
import { isTensorName } from './tensorNames';

/** Costs are parts of a whole name. */
const MISSING = 0.6;
const MISSING_NUMBER = 0.5;
const TOO_MANY = 0.7;
/** A wholly different name is no likeness. */
const ANOTHER = 2;
const OTHER_NUMBER = 0.5;

/** Farther paths are not taken for what was meant. */
const FAR = 1;

/** Of paths and patterns the nearest to the path, its `*` filled in; null where none is near. */
export function nearestPath(path: readonly string[], patterns: Iterable<readonly string[]>): string | null {
  const differs = remembered(difference);
  let bound = Math.min(FAR, path.length - 1e-6);
  let best: string | null = null;
  for (const pattern of patterns) {
    // Most are far off, which their cost alone tells.
    if (
      Math.abs(pattern.length - path.length) * MISSING_NUMBER <= bound &&
      costOf(path, pattern, bound, differs) <= bound
    ) {
      const found = align(path, pattern);
      if (!isShortened(path, found.path) && (best === null || found.cost < bound)) {
        bound = found.cost;
        best = found.path.join('.');
      }
    }
  }
  return best;
}

type Difference = (name: string, segment: string) => number;

/** The same names are compared in one path after the other. */
function remembered(compare: Difference): Difference {
  const known = new Map<string, number>();
  return (name, segment) => {
    const key = `${name}.${segment}`;
    const before = known.get(key);
    const cost = before ?? compare(name, segment);
    if (before === undefined) {
      known.set(key, cost);
    }
    return cost;
  };
}

/** As `align` finds it, given up where it must exceed the bound. */
function costOf(path: readonly string[], pattern: readonly string[], bound: number, differs: Difference): number {
  let last = [0];
  for (const segment of pattern) {
    last.push((last.at(-1) ?? 0) + missing(segment));
  }
  for (const name of path) {
    const next = [(last[0] ?? 0) + TOO_MANY];
    let least = next[0] ?? 0;
    for (let index = 0; index < pattern.length; index += 1) {
      const segment = pattern[index] ?? '';
      const cost = Math.min(
        (last[index] ?? 0) + differs(name, segment),
        (next[index] ?? 0) + missing(segment),
        (last[index + 1] ?? 0) + TOO_MANY,
      );
      next.push(cost);
      least = Math.min(least, cost);
    }
    if (least > bound) {
      return least;
    }
    last = next;
  }
  return last.at(-1) ?? Number.POSITIVE_INFINITY;
}

/** True for what is left of the path without its last name: no likeness, unless that is a parameter's. */
function isShortened(path: readonly string[], found: readonly string[]): boolean {
  return (
    found.length < path.length &&
    found.every((name, index) => name === path[index]) &&
    !isTensorName(path[found.length] ?? '')
  );
}

interface Alignment {
  readonly cost: number;
  readonly path: readonly string[];
}

/** Segment by segment: each is kept, replaced, missing or too many. */
function align(path: readonly string[], pattern: readonly string[]): Alignment {
  let last: Alignment[] = [{ cost: 0, path: [] }];
  for (const segment of pattern) {
    last.push(extend(last.at(-1), missing(segment), concrete(segment, null)));
  }
  for (const name of path) {
    const next: Alignment[] = [{ cost: (last[0]?.cost ?? 0) + TOO_MANY, path: [] }];
    for (const [index, segment] of pattern.entries()) {
      const options = [
        extend(last[index], difference(name, segment), concrete(segment, name)),
        extend(next[index], missing(segment), concrete(segment, null)),
        extend(last[index + 1], TOO_MANY, null),
      ];
      next.push(options.reduce((best, one) => (one.cost < best.cost ? one : best)));
    }
    last = next;
  }
  return last.at(-1) ?? { cost: Number.POSITIVE_INFINITY, path: [] };
}

function missing(segment: string): number {
  return /^(?:\d+|\*)$/.test(segment) ? MISSING_NUMBER : MISSING;
}

function extend(before: Alignment | undefined, cost: number, segment: string | null): Alignment {
  const path = before?.path ?? [];
  return { cost: (before?.cost ?? 0) + cost, path: segment === null ? path : [...path, segment] };
}

function difference(name: string, segment: string): number {
  const isNumber = /^\d+$/.test(name);
  if (segment === name || (segment === '*' ? isNumber : fits(segment, name))) {
    return 0;
  }
  if (segment === '*') {
    return ANOTHER;
  }
  if (isNumber && /^\d+$/.test(segment)) {
    // Of indices that exist the one closest by is meant.
    return OTHER_NUMBER + Math.min(0.4, Math.abs(Number(name) - Number(segment)) * 0.001);
  }
  const share = editDistance(name, segment) / Math.max(name.length, segment.length);
  return share > 0.6 ? ANOTHER : share;
}

/** A pattern's segment as a name: the one asked for where that fits, else with 0 for what is not told. */
function concrete(segment: string, name: string | null): string {
  if (!segment.includes('*')) {
    return segment;
  }
  return name !== null && difference(name, segment) === 0 ? name : segment.replaceAll('*', '0');
}
