/** The layer paths that a definition line stands for: those of the last run, else the patterns the source tells. */

import type { OpenFile } from '../documents';
import type { LayerDefinition, ModuleClass } from '../model/moduleClass';
import { compressPaths } from '../render/layerPattern';
import type { Annotation, ServerState } from '../state';

export interface DefinedLine {
  /** 1-based. */
  readonly line: number;
  readonly owner: ModuleClass;
  readonly definitions: readonly LayerDefinition[];
  /** Shortest form, exact after a run: `layer{1..4}.{0,1}.conv1`. */
  readonly paths: readonly string[];
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
  const patterns = state.patterns(open);
  return open.parsed.classes.flatMap((owner) => {
    const byLine = new Map<number, LayerDefinition[]>();
    for (const definition of owner.definitions) {
      byLine.set(definition.range.line, [...(byLine.get(definition.range.line) ?? []), definition]);
    }
    return [...byLine].map(([line, all]) => {
      const definitions = outermost(all);
      const annotation = annotationOf(definitions, line);
      return {
        line,
        owner,
        definitions,
        paths: runtimePaths(annotation) ?? staticPaths(definitions, patterns.get(owner.name) ?? ['']),
        certain: annotation !== null || definitions.every((one) => one.certain),
        annotation,
      };
    });
  });
}

function runtimePaths(annotation: Annotation | null): readonly string[] | null {
  if (annotation === null) {
    return null;
  }
  const modules = annotation.places.flatMap((place) => place.modules.flatMap((module) => module.paths));
  const paths = [...new Set([...modules, ...annotation.uncalled.map((one) => one.path)])];
  return paths.length === 0 ? null : compressPaths(paths);
}

function staticPaths(definitions: readonly LayerDefinition[], prefixes: readonly string[]): readonly string[] {
  const paths = prefixes.flatMap((prefix) =>
    definitions.map((one) => (prefix === '' ? one.pattern : `${prefix}.${one.pattern}`)),
  );
  return compressPaths([...new Set(paths)]);
}

function outermost(definitions: readonly LayerDefinition[]): LayerDefinition[] {
  return definitions.filter(
    (one) => !definitions.some((other) => other !== one && one.pattern.startsWith(`${other.pattern}.`)),
  );
}
