/** The paths of one model as a tree of their names. Pure. */

import type { KnownLayer, KnownModel } from '../model/knownModel';
import { fits, meet, segmentsOf } from './segments';

export interface PathNode {
  /** As the pattern writes it: a name, or with `*`. */
  readonly segment: string;
  readonly parent: PathNode | null;
  readonly children: Map<string, PathNode>;
  /** Children whose name is not told in full. */
  readonly open: PathNode[];
  /** The statements that make it; none for what only holds others. */
  readonly layers: KnownLayer[];
}

/** Built once for a model; its root stands for the model itself. */
export function pathTree(model: KnownModel): PathNode {
  const root = newNode('', null);
  for (const layer of model.layers) {
    let node = root;
    for (const segment of segmentsOf(layer.pattern)) {
      let next = node.children.get(segment);
      if (next === undefined) {
        next = newNode(segment, node);
        node.children.set(segment, next);
        if (segment.includes('*')) {
          node.open.push(next);
        }
      }
      node = next;
    }
    node.layers.push(layer);
  }
  return root;
}

function newNode(segment: string, parent: PathNode | null): PathNode {
  return { segment, parent, children: new Map(), open: [], layers: [] };
}

/** The children that a name, or a query's segment with `*` or braces, may mean. */
export function childrenNamed(node: PathNode, name: string): PathNode[] {
  if (/[*{]/.test(name)) {
    return [...node.children.values()].filter((one) => meet(one.segment, name));
  }
  const own = node.children.get(name);
  const open = node.open.filter((one) => one !== own && fits(one.segment, name));
  return own === undefined ? open : [own, ...open];
}

/** The nodes of a path; several where a pattern and a name both fit. */
export function nodesAt(root: PathNode, segments: readonly string[]): PathNode[] {
  let nodes = [root];
  for (const segment of segments) {
    nodes = nodes.flatMap((node) => childrenNamed(node, segment));
  }
  return nodes;
}

/** How much of the path exists: the nodes of its longest beginning that does. */
export function deepest(root: PathNode, segments: readonly string[]): { depth: number; nodes: PathNode[] } {
  let nodes = [root];
  for (const [depth, segment] of segments.entries()) {
    const next = nodes.flatMap((node) => childrenNamed(node, segment));
    if (next.length === 0) {
      return { depth, nodes };
    }
    nodes = next;
  }
  return { depth: segments.length, nodes };
}
