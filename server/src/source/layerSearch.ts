/** From a path, or whatever a user has of one, to the layers that it may be: over all models of a workspace. Pure. */

import type { KnownLayer, KnownModel } from '../model/knownModel';
import { type Completion, completeEnding, completePath } from './completePath';
import { FuzzySearch } from './fuzzySearch';
import { filledIn, type LayerMatch } from './layerMatch';
import { lookUp } from './lookUpPath';
import { nearestPath } from './nearestPath';
import { deepest, nodesAt, type PathNode, pathTree } from './pathTree';
import { type PrintedLayer, printedLayers } from './printedLayers';
import { PrintedSearch } from './printedSearch';
import { querySegments, segmentsOf } from './segments';
import { writtenPaths } from './writtenPaths';

export interface QueryOptions {
  readonly limit: number;
  /** Among equals its layers come first. */
  readonly file?: string | null;
}

/** Longer texts are not searched for letter by letter. */
const MAX_FUZZY = 200;

/** Built once for the models as they are; what a model needs is built when it is first asked for. */
export class LayerIndex {
  private readonly trees = new WeakMap<KnownModel, PathNode>();
  private printed: PrintedSearch | null = null;
  private letters: FuzzySearch | null = null;

  constructor(readonly models: readonly KnownModel[]) {}

  /** The layers at exactly this path, a `*` of a pattern fitting one name. `models` are those asked, by default all. */
  find(path: string, models: readonly KnownModel[] = this.models): LayerMatch[] {
    const segments = querySegments(path);
    return models.flatMap((model) =>
      nodesAt(this.tree(model), segments).flatMap((node) =>
        node.layers.map((layer) => ({ model, layer, path: filledIn(layer.pattern, segments) })),
      ),
    );
  }

  /** True where the path exists in the model, or is the model itself. */
  exists(path: string, model: KnownModel): boolean {
    return nodesAt(this.tree(model), querySegments(path)).length > 0;
  }

  /** The longest beginning of the path that exists in the model, and whether anything is known to be below it. */
  existing(path: string, model: KnownModel): { path: string; hasChildren: boolean } {
    const segments = querySegments(path);
    const { depth, nodes } = deepest(this.tree(model), segments);
    return { path: segments.slice(0, depth).join('.'), hasChildren: nodes.some((node) => node.children.size > 0) };
  }

  /** The layers that have the path below them or at it: of `layer1.0.conv1.weight` those of `layer1.0.conv1`. */
  holding(path: string, models: readonly KnownModel[] = this.models): LayerMatch[] {
    const segments = querySegments(path);
    for (let length = segments.length; length > 0; length -= 1) {
      const found = this.find(segments.slice(0, length).join('.'), models);
      if (found.length > 0) {
        return found;
      }
    }
    return [];
  }

  /** The layers of a path that may have a wrapper's names before it and a parameter's behind it. */
  lookUp(path: string): LayerMatch[] {
    return lookUp(path, this.models, (model) => this.tree(model), false);
  }

  /** The layers whose pattern ends with these whole names. */
  ending(path: string): LayerMatch[] {
    return this.byEnding().ending(querySegments(path));
  }

  /** The outermost layers whose path has the text in it, at its beginning where `start` says so. */
  containing(text: string, start: boolean): LayerMatch[] {
    const has = (path: string): boolean => (start ? path.startsWith(text) : path.includes(text));
    return this.models.flatMap((model) =>
      model.layers.flatMap((layer) => {
        const { pattern } = layer;
        const parent = pattern.slice(0, Math.max(0, pattern.lastIndexOf('.')));
        return has(pattern) && !has(parent) ? [{ model, layer, path: pattern }] : [];
      }),
    );
  }

  /** What a user typed or pasted: best first. See `writtenPaths` and `printedLayers` for what is understood. */
  query(text: string, options: QueryOptions): LayerMatch[] {
    const trimmed = text.trim();
    const found = new Map<KnownLayer, LayerMatch>();
    const add = (matches: Iterable<LayerMatch>): void => {
      for (const one of matches) {
        if (found.size >= options.limit) {
          return;
        }
        if (!found.has(one.layer)) {
          found.set(one.layer, one);
        }
      }
    };
    const own = (matches: readonly LayerMatch[]): LayerMatch[] => ownFirst(matches, options.file ?? null);
    const printed = printedLayers(trimmed);
    if (printed.length > 0) {
      for (const one of printed) {
        add(own(this.layersPrinted(one)));
      }
      return [...found.values()];
    }
    for (const path of writtenPaths(trimmed)) {
      add(own(lookUp(path, this.models, (model) => this.tree(model), true)));
    }
    if (trimmed.length <= MAX_FUZZY) {
      add(this.fuzzy(trimmed, options.file ?? null));
    }
    return [...found.values()];
  }

  /** The existing path most like this one; null where nothing is near. */
  nearest(path: string, models: readonly KnownModel[] = this.models): string | null {
    const patterns = models.flatMap((model) => model.layers.map((layer) => layer.pattern));
    return nearestPath(segmentsOf(path), [...new Set(patterns)].map(segmentsOf));
  }

  /** The next names behind what is typed, then longer paths where none fits. */
  complete(prefix: string, models: readonly KnownModel[] = this.models): Completion[] {
    return completePath(
      prefix,
      models.map((model) => this.tree(model)),
    );
  }

  /** Names that layer paths end with, the most frequent first. */
  completeEnding(): Completion[] {
    return completeEnding(this.models);
  }

  private layersPrinted(one: PrintedLayer): LayerMatch[] {
    if (one.names !== null && one.fromRoot && one.names.length > 0) {
      const exact = this.find(one.names.join('.'));
      if (exact.length > 0) {
        return exact;
      }
    }
    return this.byEnding().printed(one);
  }

  /** Without a text all layers, those of the file first. */
  private fuzzy(text: string, file: string | null): LayerMatch[] {
    if (text === '') {
      return ownFirst(
        this.models.flatMap((model) => model.layers.map((layer) => ({ model, layer, path: layer.pattern }))),
        file,
      );
    }
    this.letters ??= new FuzzySearch(this.models);
    return this.letters.search(text, file);
  }

  private tree(model: KnownModel): PathNode {
    let tree = this.trees.get(model);
    if (tree === undefined) {
      tree = pathTree(model);
      this.trees.set(model, tree);
    }
    return tree;
  }

  private byEnding(): PrintedSearch {
    this.printed ??= new PrintedSearch(this.models);
    return this.printed;
  }
}

function ownFirst(matches: readonly LayerMatch[], file: string | null): LayerMatch[] {
  return [...matches.filter((one) => one.model.file === file), ...matches.filter((one) => one.model.file !== file)];
}
