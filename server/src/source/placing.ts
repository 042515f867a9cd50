/** The definitions of classes with their lines, made again only where those have changed. */

import type { Found } from '../interpret/collect';
import { homeOf } from '../interpret/module';
import type { LayerDefinition, SourceRange } from '../model/moduleClass';
import type { Unit } from '../syntax/unit';
import { definitions, type PlacedDefinition } from './definitions';

export interface Placed {
  readonly all: readonly PlacedDefinition[];
  /** Those that stand in a given file. */
  readonly here: readonly LayerDefinition[];
}

interface Known extends Placed {
  readonly units: readonly Unit[];
  readonly lines: readonly number[];
}

export class Placing {
  private readonly known = new WeakMap<readonly Found[], Known>();

  constructor(private readonly file: string) {}

  /** The same object as the last time where no unit has moved since. */
  of(found: readonly Found[]): Placed {
    const before = this.known.get(found);
    if (before === undefined) {
      const units = [...new Set(found.flatMap(({ site }) => site.unit ?? []))];
      return this.keep(found, units, definitions(found));
    }
    const { units, lines } = before;
    if (units.every((unit, index) => lineOf(unit) === lines[index])) {
      return before;
    }
    const [unit] = units;
    // Most classes stand in one piece of text, which moves as a whole.
    const all =
      units.length === 1 && unit !== undefined
        ? before.all.map((one) => moved(one, lineOf(unit) - (lines[0] ?? 0)))
        : definitions(found);
    return this.keep(found, units, all);
  }

  private keep(found: readonly Found[], units: readonly Unit[], all: readonly PlacedDefinition[]): Placed {
    const here = all.flatMap((one) => (one.file === this.file ? [one.definition] : []));
    const known = { units, lines: units.map(lineOf), all, here };
    this.known.set(found, known);
    return known;
  }
}

/** Units begin at the start of a line, but for one behind a form feed or a byte order mark, which never moves alone. */
function lineOf(unit: Unit): number {
  return homeOf(unit)?.placeOf(unit).line ?? 1;
}

function moved({ file, definition }: PlacedDefinition, lines: number): PlacedDefinition {
  return { file, definition: { ...definition, range: movedRange(definition.range, lines) } };
}

export function movedRange({ line, endLine, column, endColumn }: SourceRange, lines: number): SourceRange {
  return { line: line + lines, endLine: endLine + lines, column, endColumn };
}
