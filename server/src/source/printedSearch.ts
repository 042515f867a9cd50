/** Layers by the end of their path and by their class. Pure. */

import type { KnownLayer, KnownModel } from '../model/knownModel';
import { filledIn, type LayerMatch } from './layerMatch';
import type { PrintedLayer } from './printedLayers';
import { meet, segmentsOf } from './segments';

interface Entry {
  readonly model: KnownModel;
  readonly layer: KnownLayer;
  readonly segments: readonly string[];
}

export class PrintedSearch {
  /** By last name; patterns whose last name is not told in full stand under `*`. */
  private readonly byName = new Map<string, Entry[]>();
  private readonly all: Entry[] = [];

  constructor(models: readonly KnownModel[]) {
    for (const model of models) {
      for (const layer of model.layers) {
        const segments = segmentsOf(layer.pattern);
        const last = segments.at(-1) ?? '';
        const key = last.includes('*') ? '*' : last;
        const entry = { model, layer, segments };
        const known = this.byName.get(key);
        if (known === undefined) {
          this.byName.set(key, [entry]);
        } else {
          known.push(entry);
        }
        this.all.push(entry);
      }
    }
  }

  ending(names: readonly string[]): LayerMatch[] {
    return this.entriesEnding(names).map((one) => match(one, names));
  }

  /** The layers that the printed one may be: by name and class, else by name alone. */
  printed(one: PrintedLayer): LayerMatch[] {
    const names = one.names ?? [];
    const candidates =
      names.length > 0
        ? this.entriesEnding(names)
        : this.all.filter((entry) => classFit(entry.layer, one.className) === 2);
    const ofDepth = candidates.filter((entry) => one.depth === null || entry.segments.length === one.depth);
    const fitting = ofDepth.length > 0 ? ofDepth : candidates;
    const fits = fitting.map((entry) => classFit(entry.layer, one.className));
    const sure = fitting.filter((_, index) => fits[index] === 2);
    const kept = sure.length > 0 ? sure : fitting.filter((_, index) => (fits[index] ?? 0) > 0);
    return (kept.length > 0 ? kept : fitting).map((entry) => match(entry, names));
  }

  private entriesEnding(names: readonly string[]): Entry[] {
    const last = names.at(-1) ?? '';
    const candidates = /[*{]/.test(last)
      ? this.all
      : [...(this.byName.get(last) ?? []), ...(last === '*' ? [] : (this.byName.get('*') ?? []))];
    return candidates.filter(
      ({ segments }) =>
        segments.length >= names.length &&
        // What is not told is an index until a name is known to stand there.
        (segments.at(-1) !== '*' || /^[\d*{]/.test(last)) &&
        names.every((name, index) => meet(segments[segments.length - names.length + index] ?? '', name)),
    );
  }
}

/** 2 for the class, 1 where the source calls a function or nothing, 0 for another class. */
function classFit(layer: KnownLayer, className: string): number {
  const built = layer.constructorName?.split('.').at(-1) ?? '';
  return built === className ? 2 : /^[A-Z]/.test(built) ? 0 : 1;
}

function match({ model, layer, segments }: Entry, names: readonly string[]): LayerMatch {
  const open: string[] = Array.from({ length: segments.length - names.length }, (_, index) => segments[index] ?? '');
  return { model, layer, path: filledIn(layer.pattern, [...open, ...names]) };
}
