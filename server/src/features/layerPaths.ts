/** The layer paths that a definition line stands for: those of the last run, else the patterns the source tells. */

import type { OpenFile } from '../documents';
import type { ClassRef, LayerDefinition, ModuleClass } from '../model/moduleClass';
import { compressPaths } from '../render/layerPattern';
import type { ClassGraph, Place } from '../source/classGraph';
import { type Structure, structureOf } from '../source/structure';
import { withoutContained } from '../source/withoutContained';
import type { Annotation, ServerState } from '../state';
import { type LinePaths, ranPaths, runtimePaths } from './ranPaths';

export interface DefinedLine extends LinePaths {
  /** 1-based. */
  readonly line: number;
  /** The class that the line belongs to; null where its statement stands in another file. */
  readonly owner: ModuleClass | null;
  readonly ref: ClassRef;
  readonly definitions: readonly LayerDefinition[];
  readonly annotation: Annotation | null;
}

/** One entry for each line that defines layers; an item on the line of its container counts as the container's. */
export function definedLines(state: ServerState, open: OpenFile): DefinedLine[] {
  return linesByOwner(state, open).flat();
}

/** The same, those of each class together. A list is the same object as for the version before where nothing in it has changed. */
export function linesByOwner(state: ServerState, open: OpenFile): (readonly DefinedLine[])[] {
  const annotations = new Map(
    state.annotations(open).flatMap((one) => (one.role === 'definition' ? [[one.line, one] as const] : [])),
  );
  /** Lines that define layers of the file's own classes; asked for rarely. */
  let lines: ReadonlySet<number> | null = null;
  const defines = (line: number): boolean => {
    lines ??= new Set(open.parsed.classes.flatMap((owner) => owner.definitions.map((one) => one.range.line)));
    return lines.has(line);
  };
  /** `self.ups.append(` on one line, what it appends on the next: the run tells the item, the source the statement. */
  const annotationOf = (definitions: readonly LayerDefinition[], line: number): Annotation | null => {
    const end = Math.max(line, ...definitions.map((one) => one.range.endLine));
    for (let at = line; at <= end && (at === line || !defines(at)); at += 1) {
      const found = annotations.get(at);
      if (found !== undefined) {
        return found;
      }
    }
    return null;
  };
  const elsewhere = ownersElsewhere(state, open, defines);
  const found = [
    ...open.parsed.classes.map((owner) => linesOfClass(state, open, owner)),
    ...elsewhere.map(({ ref, definitions }) => sourceLines(null, ref, definitions, state.places(open, ref))),
  ];
  if (annotations.size === 0) {
    return found;
  }
  const missed = missedLines(open, annotations.values(), elsewhere);
  const ran = found.map((known) => annotated(known, annotationOf));
  return missed.length === 0 ? ran : [...ran, missed];
}

/** The lines with what a run tells of them; the same object where it tells of none. */
function annotated(
  known: readonly DefinedLine[],
  annotationOf: (definitions: readonly LayerDefinition[], line: number) => Annotation | null,
): readonly DefinedLine[] {
  const lines = known.map((one): DefinedLine => {
    const annotation = annotationOf(one.definitions, one.line);
    if (annotation === null) {
      return one;
    }
    return { ...one, ...ranPaths(one, annotation), annotation };
  });
  return lines.every((one, at) => one === known[at]) ? known : lines;
}

/** Lines where the run registered layers that the source does not tell. */
function missedLines(
  open: OpenFile,
  annotations: Iterable<Annotation>,
  elsewhere: readonly { readonly definitions: readonly LayerDefinition[] }[],
): DefinedLine[] {
  const definitions = [...open.parsed.classes, ...elsewhere].flatMap((one) => one.definitions);
  const told = definitions.flatMap((one) => (one.held === true ? [] : [one.range]));
  return [...annotations].flatMap((annotation): DefinedLine[] => {
    const { line } = annotation;
    const paths = runtimePaths(annotation);
    if (annotation.stale || paths === null || told.some((range) => range.line <= line && line <= range.endLine)) {
      return [];
    }
    const owner = open.parsed.classes.findLast((one) => one.range.line <= line && line <= one.range.endLine) ?? null;
    const ref = { file: open.file, className: owner?.name ?? annotation.from.capture.className ?? '' };
    return [{ line, owner, ref, definitions: [], paths, byRoot: [], certain: true, annotation }];
  });
}

interface KnownLines {
  readonly graph: ClassGraph;
  readonly structure: Structure;
  readonly places: readonly Place[];
  readonly lines: readonly DefinedLine[];
}

const linesByClass = new WeakMap<ModuleClass, KnownLines>();

/** Made once as long as neither the class nor its places change: most are untouched by an edit. */
function linesOfClass(state: ServerState, open: OpenFile, owner: ModuleClass): readonly DefinedLine[] {
  const { graph } = state.index;
  const structure = structureOf(open.parsed);
  const before = linesByClass.get(owner);
  if (before?.graph === graph && before.structure === structure) {
    return before.lines;
  }
  const ref = { file: open.file, className: owner.name };
  const places = state.places(open, ref);
  const lines = before?.places === places ? before.lines : sourceLines(owner, ref, owner.definitions, places);
  linesByClass.set(owner, { graph, structure, places, lines });
  return lines;
}

/** What the source tells. */
function sourceLines(
  owner: ModuleClass | null,
  ref: ClassRef,
  all: readonly LayerDefinition[],
  places: readonly Place[],
): readonly DefinedLine[] {
  const own = all.filter((one) => one.held !== true);
  const byLine = new Map<number, LayerDefinition[]>();
  for (const definition of own) {
    byLine.set(definition.range.line, [...(byLine.get(definition.range.line) ?? []), definition]);
  }
  return [...byLine].map(([line, some]): DefinedLine => {
    const definitions = outermost(some);
    return {
      line,
      owner,
      ref,
      definitions,
      certain: definitions.every((one) => one.certain),
      annotation: null,
      ...toldPaths(definitions, places),
    };
  });
}

type ToldPaths = Pick<DefinedLine, 'paths' | 'byRoot'>;

const toldByPlaces = new WeakMap<readonly Place[], Map<string, ToldPaths>>();
/** Lines remembered for one list of places. */
const MAX_TOLD = 500;

/** Most edits of a class leave the paths of its layers as they are. */
function toldPaths(definitions: readonly LayerDefinition[], places: readonly Place[]): ToldPaths {
  const known = toldByPlaces.get(places) ?? new Map<string, ToldPaths>();
  toldByPlaces.set(places, known);
  const key = definitions.map((one) => one.pattern).join(' ');
  let told = known.get(key);
  if (told === undefined) {
    const byRoot = staticPaths(definitions, places);
    told = {
      paths: compressPaths(withoutContained([...new Set(byRoot.flatMap((one) => one.exact))])),
      byRoot: byRoot.map(({ root, exact }) => ({ root, paths: compressPaths(withoutContained(exact)) })),
    };
    if (known.size > MAX_TOLD) {
      known.clear();
    }
    known.set(key, told);
  }
  return told;
}

/** What stands in this file for classes of other files: in functions that they call, in methods that they override. */
function ownersElsewhere(
  state: ServerState,
  open: OpenFile,
  defines: (line: number) => boolean,
): { owner: null; ref: ClassRef; definitions: LayerDefinition[] }[] {
  const byOwner = new Map<string, { owner: null; ref: ClassRef; definitions: LayerDefinition[] }>();
  const all = [...open.parsed.farDefinitions, ...state.index.farDefinitionsIn(open.file)];
  for (const { file, owner: ref, definition } of all) {
    const isHere = file === open.file && ref.file !== open.file && definition.held !== true;
    // A line that defines layers of a class of its own file tells of that one.
    if (isHere && !defines(definition.range.line)) {
      const key = `${ref.file}#${ref.className}`;
      const one = byOwner.get(key) ?? { owner: null, ref, definitions: [] };
      byOwner.set(key, one);
      one.definitions.push(definition);
    }
  }
  return [...byOwner.values()];
}

function staticPaths(
  definitions: readonly LayerDefinition[],
  places: readonly Place[],
): { root: ClassRef; exact: string[] }[] {
  const byRoot = new Map<string, { root: ClassRef; exact: string[] }>();
  for (const { root, path } of places) {
    const key = `${root.file}#${root.className}`;
    const one = byRoot.get(key) ?? { root, exact: [] };
    byRoot.set(key, one);
    for (const { pattern } of definitions) {
      const full = path === '' ? pattern : `${path}.${pattern}`;
      if (!one.exact.includes(full)) {
        one.exact.push(full);
      }
    }
  }
  return [...byRoot.values()];
}

function outermost(definitions: readonly LayerDefinition[]): LayerDefinition[] {
  return definitions.filter(
    (one) => !definitions.some((other) => other !== one && one.pattern.startsWith(`${other.pattern}.`)),
  );
}

/** The paths as they are told: where several models hold the layer in different places, each with its model. */
export function pathsByRoot(line: DefinedLine): readonly string[] {
  const texts = new Set(line.byRoot.map((one) => one.paths.join(', ')));
  return texts.size < 2
    ? line.paths
    : [...new Set(line.byRoot.flatMap(({ root, paths }) => paths.map((path) => `${path} in ${root.className}`)))];
}
