/** What may follow what is typed of a layer path: name by name, so that a large model does not flood the list. Pure. */

import type { KnownModel } from '../model/knownModel';
import { nodesAt, type PathNode } from './pathTree';
import { segmentsOf } from './segments';

export interface Completion {
  readonly path: string;
  /** What builds it, as written; null where the source does not say. */
  readonly constructorName: string | null;
  /** How many paths of the models it stands for. */
  readonly count: number;
  /** True where more is below it. */
  readonly hasChildren: boolean;
}

/** Longer paths shown where no next name fits. */
const MAX_DEEP = 20;

export function completePath(prefix: string, trees: readonly PathNode[]): Completion[] {
  const at = prefix.lastIndexOf('.');
  const parent = at === -1 ? '' : prefix.slice(0, at);
  const typed = prefix.slice(at + 1).toLowerCase();
  const next = new Map<string, Completion>();
  for (const tree of trees) {
    for (const node of nodesAt(tree, segmentsOf(parent))) {
      for (const [name, child] of shownChildren(node)) {
        const path = parent === '' ? name : `${parent}.${name}`;
        const known = next.get(path);
        next.set(path, {
          path,
          constructorName: known?.constructorName ?? child.layers[0]?.constructorName ?? null,
          count: (known?.count ?? 0) + 1,
          hasChildren: (known?.hasChildren ?? false) || child.children.size > 0,
        });
      }
    }
  }
  const fitting = [...next.values()].some((one) =>
    one.path
      .slice(at + 1)
      .toLowerCase()
      .startsWith(typed),
  );
  return typed === '' || fitting ? [...next.values()] : [...next.values(), ...deepPaths(parent, typed, trees)];
}

/** Names that layer paths end with. */
export function completeEnding(models: readonly KnownModel[]): Completion[] {
  const found = new Map<string, Completion>();
  for (const layer of models.flatMap((model) => model.layers)) {
    const name = segmentsOf(layer.pattern).at(-1) ?? '';
    if (!/^\d*$|\*/.test(name)) {
      const known = found.get(name);
      const constructorName = known?.constructorName ?? layer.constructorName;
      found.set(name, { path: name, constructorName, count: (known?.count ?? 0) + 1, hasChildren: false });
    }
  }
  return [...found.values()].sort((a, b) => b.count - a.count || a.path.localeCompare(b.path));
}

/** The children by the name to show: of an index that is not told the first that is free stands for all. */
function shownChildren(node: PathNode): [string, PathNode][] {
  const named = [...node.children].filter(([segment]) => !segment.includes('*'));
  const numbers = named.map(([segment]) => (/^\d+$/.test(segment) ? Number(segment) : -1));
  const free = String(Math.max(-1, ...numbers) + 1);
  return [...named, ...node.open.map((child): [string, PathNode] => [child.segment.replaceAll('*', free), child])];
}

/** Paths further below whose last name begins so. */
function deepPaths(parent: string, typed: string, trees: readonly PathNode[]): Completion[] {
  const found = new Map<string, Completion>();
  for (const tree of trees) {
    let level = nodesAt(tree, segmentsOf(parent)).map((node) => ({ node, path: parent }));
    while (level.length > 0 && found.size < MAX_DEEP) {
      level = level.flatMap(({ node, path }) =>
        shownChildren(node).map(([name, child]) => ({ node: child, path: path === '' ? name : `${path}.${name}` })),
      );
      for (const { node, path } of level) {
        if (
          found.size < MAX_DEEP &&
          path
            .slice(path.lastIndexOf('.') + 1)
            .toLowerCase()
            .startsWith(typed)
        ) {
          const constructorName = node.layers[0]?.constructorName ?? null;
          found.set(path, { path, constructorName, count: 1, hasChildren: node.children.size > 0 });
        }
      }
    }
  }
  return [...found.values()];
}
