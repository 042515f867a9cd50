/** All module classes of the workspace, and where they stand within each other. Pure. */

import type { ClassRef, LayerDefinition, ModuleClass, ParsedFile } from '../model/moduleClass';
import { type FarDefinitions, keyOf } from './farDefinitions';
import { rootClasses } from './rootClasses';

/** A definition and the file in which it stands. */
export interface PlacedLayer {
  readonly file: string;
  readonly definition: LayerDefinition;
}

/** Where a class is found below a root; the path is `''` for the root itself. */
export interface Place {
  readonly root: ClassRef;
  readonly path: string;
}

/** A layer of a root: its path from there, and its definition. */
export interface RootLayer extends PlacedLayer {
  readonly path: string;
}

interface Node {
  readonly ref: ClassRef;
  /** True where there may be layers that can't be seen. */
  readonly isOpen: boolean;
  readonly parts: readonly { readonly pattern: string; readonly key: string }[];
  /** The class and its bases that can be seen, nearest first. */
  readonly lineage: readonly string[];
}

/** Bounds for classes that hold themselves, or that very many hold. */
const MAX_DEPTH = 10;
const MAX_PLACES = 64;
const MAX_LAYERS = 5_000;

/** Holds as long as the structure of all files does; lines and layers are looked up in the files as they are. */
export class ClassGraph {
  private readonly nodes = new Map<string, Node>();
  private readonly roots: Node[];
  private placed: ReadonlyMap<string, readonly Place[]> | null = null;
  private formerPlaces: ReadonlyMap<string, readonly Place[]> | null;

  constructor(
    private readonly known: ReadonlyMap<string, ParsedFile>,
    private readonly far: FarDefinitions,
    /** The graph that this one takes the place of. */
    former: ClassGraph | null = null,
  ) {
    this.formerPlaces = former?.placed ?? null;
    // The order does not hang on which file was mapped first.
    const files = new Map([...known].sort(([a], [b]) => (a < b ? -1 : 1)));
    for (const [file, parsed] of files) {
      for (const of of parsed.classes) {
        this.nodes.set(keyOf({ file, className: of.name }), nodeOf(file, of));
      }
    }
    this.roots = this.findRoots(files);
  }

  /** Models of their own: what no other class holds, and what a function or a recipe of its file builds. */
  get models(): readonly ClassRef[] {
    return this.roots.map((one) => one.ref);
  }

  has(of: ClassRef): boolean {
    return this.nodes.has(keyOf(of));
  }

  /** Where a class stands below the models of the workspace; empty where none is known to build it. */
  places(of: ClassRef): readonly Place[] {
    this.placed ??= this.withFormer(this.findPlaces());
    return this.placed.get(keyOf(of)) ?? [];
  }

  /** All layers of a model, those of its parts among them. `complete` is false where there may be others that can't be seen. */
  layersOf(model: ClassRef): { readonly layers: readonly RootLayer[]; readonly complete: boolean } {
    const layers: RootLayer[] = [];
    const seen = new Set<string>();
    let complete = true;
    this.visit(keyOf(model), '', [], (node, path) => {
      for (const key of node.lineage) {
        const one = this.nodes.get(key);
        complete &&= one !== undefined && !one.isOpen;
        for (const { file, definition } of one === undefined ? [] : this.layersIn(one.ref)) {
          const full = join(path, definition.pattern);
          const id = `${full} ${file}:${definition.range.line}:${definition.range.column}`;
          if (!seen.has(id) && layers.length < MAX_LAYERS) {
            seen.add(id);
            layers.push({ path: full, file, definition });
          }
        }
      }
      return layers.length < MAX_LAYERS;
    });
    return { layers, complete: complete && layers.length < MAX_LAYERS };
  }

  /** What a class writes itself, and what other files know of it. */
  private layersIn(ref: ClassRef): PlacedLayer[] {
    const own = this.known.get(ref.file)?.classes.findLast((one) => one.name === ref.className);
    const layers = (own?.definitions ?? []).map((definition): PlacedLayer => ({ file: ref.file, definition }));
    for (const { file, definition } of this.far.of(ref)) {
      if (!layers.some((one) => one.file === file && sameDefinition(one.definition, definition))) {
        layers.push({ file, definition });
      }
    }
    return layers;
  }

  private findRoots(files: ReadonlyMap<string, ParsedFile>): Node[] {
    const held = new Set<string>();
    for (const node of this.nodes.values()) {
      for (const { key } of node.parts) {
        held.add(key);
      }
    }
    return [...files].flatMap(([file, parsed]) =>
      rootClasses(parsed).flatMap((of): Node[] => {
        const key = keyOf({ file, className: of.name });
        const isBuilt =
          parsed.factories.some((one) => one.className === of.name) ||
          parsed.directives.some((one) => one.className === of.name);
        const node = this.nodes.get(key);
        return node !== undefined && (isBuilt || !held.has(key)) ? [node] : [];
      }),
    );
  }

  private findPlaces(): Map<string, readonly Place[]> {
    const found = new Map<string, Place[]>();
    for (const root of this.roots) {
      const seen = new Set<string>();
      this.visit(keyOf(root.ref), '', [], (node, path) => {
        // What is inherited stands at the base that writes it.
        for (const key of node.lineage) {
          const places = found.get(key) ?? [];
          found.set(key, places);
          if (places.length < MAX_PLACES && !seen.has(`${key} ${path}`)) {
            seen.add(`${key} ${path}`);
            places.push({ root: root.ref, path });
          }
        }
        return seen.size < MAX_LAYERS;
      });
    }
    return found;
  }

  /** Lists that say the same as in the former graph are the same objects, so that what hangs on them need not be made again. */
  private withFormer(places: Map<string, readonly Place[]>): Map<string, readonly Place[]> {
    for (const [key, now] of places) {
      const before = this.formerPlaces?.get(key);
      if (before !== undefined && samePlaces(before, now)) {
        places.set(key, before);
      }
    }
    this.formerPlaces = null;
    return places;
  }

  /** Goes through a class and what it holds, as long as `at` gives true. */
  private visit(
    key: string,
    path: string,
    above: readonly string[],
    at: (node: Node, path: string) => boolean,
  ): boolean {
    const node = this.nodes.get(key);
    if (node === undefined || above.length > MAX_DEPTH || above.includes(key)) {
      return true;
    }
    return (
      at(node, path) && node.parts.every((part) => this.visit(part.key, join(path, part.pattern), [...above, key], at))
    );
  }
}

function nodeOf(file: string, of: ModuleClass): Node {
  const own = (className: string): string => keyOf({ file, className });
  return {
    ref: { file, className: of.name },
    isOpen: of.isOpen,
    parts: [
      ...of.parts.map((part) => ({ pattern: part.pattern, key: own(part.className) })),
      ...of.farParts.map((part) => ({ pattern: part.pattern, key: keyOf(part) })),
    ],
    lineage: [own(of.name), ...of.lineage.map(own), ...of.farLineage.map(keyOf)],
  };
}

function sameDefinition(a: LayerDefinition, b: LayerDefinition): boolean {
  return a.pattern === b.pattern && a.range.line === b.range.line && a.range.column === b.range.column;
}

function samePlaces(a: readonly Place[], b: readonly Place[]): boolean {
  return (
    a.length === b.length &&
    a.every((one, index) => {
      const other = b[index];
      return other !== undefined && one.path === other.path && keyOf(one.root) === keyOf(other.root);
    })
  );
}

function join(path: string, pattern: string): string {
  return path === '' ? pattern : `${path}.${pattern}`;
}
