/** Looks up a path that may have a wrapper's names before it and a parameter's behind it. Pure. */

import type { KnownLayer, KnownModel } from '../model/knownModel';
import { filledIn, type LayerMatch } from './layerMatch';
import { deepest, type PathNode } from './pathTree';
import { querySegments } from './segments';
import { isTensorName } from './tensorNames';

/** What wrappers put before the paths of the model they hold; `module` by data parallelism, `model` and `net` by habit. */
const WRAPPERS = new Set([
  'module',
  'model',
  'net',
  'network',
  'base_model',
  'backbone',
  'encoder',
  'student',
  'teacher',
]);

/** What PyTorch's wrappers put anywhere into a path. */
const INNER_WRAPPERS = new Set(['_orig_mod', '_fsdp_wrapped_module', '_checkpoint_wrapped_module']);

/** A last name that is still being typed. */
const BEGUN = 0.1;

interface Found {
  readonly cost: number;
  readonly whole: boolean;
  /** True where nothing is cut off before it. */
  readonly fromRoot: boolean;
  /** True where nothing is left over but a parameter's names. */
  readonly clean: boolean;
  readonly matches: LayerMatch[];
}

/**
 * `typing`: the last name may be the beginning of one. The nearest readings of each model first; one that leaves nothing over behind excludes those that do.
 * Where the path leads into a layer whose inside is not known, that layer is meant, and no other model that has the rest of the path.
 */
export function lookUp(
  path: string,
  models: readonly KnownModel[],
  treeOf: (model: KnownModel) => PathNode,
  typing: boolean,
): LayerMatch[] {
  const segments = querySegments(path).filter((one) => !INNER_WRAPPERS.has(one));
  const found = models.flatMap((model) => {
    const best = readings(segments, model, treeOf(model), typing);
    return best === null ? [] : [best];
  });
  if (!found.some((one) => one.fromRoot && one.clean)) {
    const begun = beginnings(segments, models, treeOf);
    const closed = begun.filter((one) => one.closed);
    const held = closed.length > 0 ? closed : found.some((one) => one.clean) ? [] : begun;
    if (held.length > 0) {
      return held.flatMap((one) => one.matches);
    }
  }
  const whole = found.filter((one) => one.whole);
  const kept = whole.length > 0 ? whole : found;
  const least = Math.min(...kept.map((one) => one.cost));
  return kept
    .filter((one) => one.cost <= least + 1)
    .sort((a, b) => a.cost - b.cost)
    .flatMap((one) => one.matches);
}

interface Beginning {
  readonly depth: number;
  /** True where nothing is known of what is inside: the rest of the path leads there. */
  readonly closed: boolean;
  readonly matches: LayerMatch[];
}

/** The longest beginnings of the path that models have, of layers that they build themselves. */
function beginnings(
  segments: readonly string[],
  models: readonly KnownModel[],
  treeOf: (model: KnownModel) => PathNode,
): Beginning[] {
  const all = models.flatMap((model): Beginning[] => {
    const { depth, nodes } = deepest(treeOf(model), segments);
    const layers = depth === 0 ? [] : nodes.flatMap((node) => node.layers);
    const matches = layers.flatMap((layer) =>
      layer.constructorName === null ? [] : [{ model, layer, path: filledIn(layer.pattern, segments.slice(0, depth)) }],
    );
    const closed = nodes.every((node) => node.children.size === 0);
    return matches.length === 0 ? [] : [{ depth, closed, matches }];
  });
  const longest = Math.max(...all.map((one) => one.depth));
  return all.filter((one) => one.depth === longest);
}

function readings(segments: readonly string[], model: KnownModel, tree: PathNode, typing: boolean): Found | null {
  let best: Found | null = null;
  let before = 0;
  for (let from = 0; from < segments.length; from += 1) {
    const rest = segments.slice(from);
    const { depth, nodes } = deepest(tree, rest);
    const begun = typing && rest.length === depth + 1 ? childrenBegun(nodes, rest[depth] ?? '') : [];
    if (begun.length > 0 && (best === null || before + BEGUN < best.cost)) {
      best = {
        cost: before + BEGUN,
        whole: true,
        fromRoot: from === 0,
        clean: true,
        matches: begun.map((layer) => ({ model, layer, path: filledIn(layer.pattern, rest.slice(0, depth)) })),
      };
    }
    const layers = nodes.flatMap((node) => node.layers);
    const cost = before + rest.slice(depth).reduce((sum, one) => sum + (isTensorName(one) ? 0.3 : 1.5), 0);
    // The less of the path is left, the less may be cut off: a single name is found in too many models.
    if (depth > 0 && layers.length > 0 && cost <= depth + 2 && (best === null || cost < best.cost)) {
      const asked = rest.slice(0, depth);
      best = {
        cost,
        whole: depth === rest.length,
        fromRoot: from === 0,
        clean: rest.slice(depth).every(isTensorName),
        matches: layers.map((layer) => ({ model, layer, path: filledIn(layer.pattern, asked) })),
      };
    }
    before += WRAPPERS.has(segments[from] ?? '') ? 0.2 : 1;
  }
  return best;
}

/** Layers right below whose name begins so. A parameter's name is none that is being typed. */
function childrenBegun(nodes: readonly PathNode[], typed: string): KnownLayer[] {
  return isTensorName(typed) || nodes.some((node) => node.parent === null)
    ? []
    : nodes.flatMap((node) =>
        [...node.children.values()].filter((child) => child.segment.startsWith(typed)).flatMap((child) => child.layers),
      );
}
