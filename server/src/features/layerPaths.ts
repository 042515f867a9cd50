/** The layer paths that a definition line stands for: those of the last run, else the patterns the source tells. */

import type { OpenFile } from '../documents';
import type { ClassRef, LayerDefinition, ModuleClass } from '../model/moduleClass';
import { compressPaths } from '../render/layerPattern';
import type { Place } from '../source/classGraph';
import type { Annotation, ServerState } from '../state';

export interface DefinedLine {
  /** 1-based. */
  readonly line: number;
  readonly owner: ModuleClass;
  readonly definitions: readonly LayerDefinition[];
  /** Shortest form, exact after a run: `layer{1..4}.{0,1}.conv1`. */
  readonly paths: readonly string[];
  /** The same by the model that holds them, before a run; empty after one. */
  readonly byRoot: readonly { readonly root: ClassRef; readonly paths: readonly string[] }[];
  readonly certain: boolean;
  readonly annotation: Annotation | null;
}

/** One entry for each line that defines layers; an item on the line of its container counts as the container's. */
export function definedLines(state: ServerState, open: OpenFile): DefinedLine[] {
  const annotations = new Map(
    state.annotations(open).flatMap((one) => (one.role === 'definition' ? [[one.line, one] as const] : [])),
  );
  const defining = new Set(open.parsed.classes.flatMap((owner) => owner.definitions.map((one) => one.range.line)));
  /** `self.ups.append(` on one line, what it appends on the next: the run tells the item, the source the statement. */
  const annotationOf = (definitions: readonly LayerDefinition[], line: number): Annotation | null => {
    const end = Math.max(line, ...definitions.map((one) => one.range.endLine));
    for (let at = line; at <= end && (at === line || !defining.has(at)); at += 1) {
      const found = annotations.get(at);
      if (found !== undefined) {
        return found;
      }
    }
    return null;
  };
  return open.parsed.classes.flatMap((owner) =>
    sourceLines(owner, state.places(open, owner.name)).map(({ line, definitions, paths, byRoot }): DefinedLine => {
      const annotation = annotationOf(definitions, line);
      const ran = runtimePaths(annotation);
      return {
        line,
        owner,
        definitions,
        paths: ran ?? paths,
        byRoot: ran === null ? byRoot : [],
        certain: annotation !== null || definitions.every((one) => one.certain),
        annotation,
      };
    }),
  );
}

/** What the source tells of a line. */
type SourceLine = Pick<DefinedLine, 'line' | 'definitions' | 'paths' | 'byRoot'>;

const linesByClass = new WeakMap<ModuleClass, { readonly places: string; readonly lines: readonly SourceLine[] }>();

/** Made once as long as neither the class nor its places change: most classes are untouched by an edit. */
function sourceLines(owner: ModuleClass, places: readonly Place[]): readonly SourceLine[] {
  const key = places.map(({ root, path }) => `${root.file}#${root.className} ${path}`).join('\n');
  const known = linesByClass.get(owner);
  if (known?.places === key) {
    return known.lines;
  }
  const byLine = new Map<number, LayerDefinition[]>();
  for (const definition of owner.definitions.filter((one) => one.held !== true)) {
    byLine.set(definition.range.line, [...(byLine.get(definition.range.line) ?? []), definition]);
  }
  const lines = [...byLine].map(([line, all]): SourceLine => {
    const definitions = outermost(all);
    const byRoot = staticPaths(definitions, places);
    return {
      line,
      definitions,
      paths: compressPaths([...new Set(byRoot.flatMap((one) => one.exact))]),
      byRoot: byRoot.map(({ root, exact }) => ({ root, paths: compressPaths(exact) })),
    };
  });
  linesByClass.set(owner, { places: key, lines });
  return lines;
}

function runtimePaths(annotation: Annotation | null): readonly string[] | null {
  if (annotation === null) {
    return null;
  }
  const modules = annotation.places.flatMap((place) => place.modules.flatMap((module) => module.paths));
  const paths = [...new Set([...modules, ...annotation.uncalled.map((one) => one.path)])];
  return paths.length === 0 ? null : compressPaths(paths);
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
    : line.byRoot.flatMap(({ root, paths }) => paths.map((path) => `${path} in ${root.className}`));
}
