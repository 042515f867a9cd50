/** Hover over a layer, at its definition or where it is called. */

import type { Hover, Position } from 'vscode-languageserver';
import type { OpenFile } from '../documents';
import type { Place } from '../mapping/annotate';
import { contains, toRange } from '../positions';
import type { Site, Statistics, Value } from '../protocol/helperMessages.generated';
import { hoverText } from '../render/hoverText';
import { operationHoverText } from '../render/operationHoverText';
import { tensorsIn } from '../render/value';
import type { Annotation, ServerState } from '../state';
import { definedLines, pathsByRoot } from './layerPaths';
import { whyNotCaptured } from './whyNotCaptured';

/** Tensors whose statistics one hover asks for. */
const ASKED = 4;

/** Layer paths that one hover lists. */
const LISTED = 12;

/** Answers questions about the tensors of the newest capture; null where they are gone. */
export interface StatisticsSource {
  statistics(handle: number): Promise<Statistics | null>;
}

export async function hover(
  state: ServerState,
  open: OpenFile,
  position: Position,
  source: StatisticsSource | null,
): Promise<Hover | null> {
  const found = callAt(state, open, position) ?? definitionAt(state, open, position);
  if (found === null) {
    return (await operationHover(state, open, position, source)) ?? staticHover(state, open, position);
  }
  const isNewest = found.annotation.from.id === state.captures.latest()?.id;
  const outputs = found.place.groups.flatMap((group) => (group.output === null ? [] : [group.output]));
  const statistics = await ask(outputs, isNewest ? source : null);
  return {
    contents: { kind: 'markdown', value: placeHover(found.annotation, found.place, statistics) },
    ...(found.place.site === null ? {} : { range: toRange(found.place.site) }),
  };
}

/** The hover text for all that an annotation's first places have to say. */
export function annotationHover(
  annotation: Annotation,
  file: string,
  statistics: ReadonlyMap<number, Statistics>,
): string {
  if (annotation.role === 'operation') {
    return operationHoverText({ ...operationFacts(annotation, file), statistics });
  }
  return annotation.places.length > 0
    ? annotation.places
        .slice(0, 3)
        .map((place) => placeHover(annotation, place, statistics))
        .join('\n\n')
    : placeHover(annotation, emptyPlace(annotation), statistics);
}

interface Found {
  readonly annotation: Annotation;
  readonly place: Place;
}

function callAt(state: ServerState, open: OpenFile, position: Position): Found | null {
  const candidates = state.annotations(open).flatMap((annotation) =>
    annotation.role !== 'call'
      ? []
      : annotation.places.flatMap((place) => {
          const site = place.site === null ? null : shifted(place.site, annotation.line);
          return site !== null && contains(site, position) ? [{ annotation, place: { ...place, site } }] : [];
        }),
  );
  // The innermost call is the one with the shortest text.
  return candidates.sort((a, b) => width(a.place.site) - width(b.place.site))[0] ?? null;
}

/** The site where it is now: annotations know the present last line. */
function shifted({ file, line, endLine, column, endColumn }: Site, lastLine: number): Site {
  return { file, column, endColumn, line: lastLine - (endLine - line), endLine: lastLine };
}

function width(site: Site | null): number {
  return site === null ? 0 : (site.endLine - site.line) * 10_000 + (site.endColumn ?? 9_999) - (site.column ?? 0);
}

/** A function without a module: the innermost expression at the position whose value is known. */
async function operationHover(
  state: ServerState,
  open: OpenFile,
  position: Position,
  source: StatisticsSource | null,
): Promise<Hover | null> {
  const candidates = state.annotations(open).flatMap((annotation) =>
    annotation.operations.flatMap((operation) => {
      const site = operation.column === null ? null : shifted(operation, annotation.line);
      return site !== null && contains(site, position) ? [{ annotation, operation, site }] : [];
    }),
  );
  const [found] = candidates.sort((a, b) => width(a.site) - width(b.site));
  if (found === undefined) {
    return null;
  }
  const { annotation, operation, site } = found;
  const operations = annotation.operations.filter(
    (one) => one.line === operation.line && one.column === operation.column && one.endColumn === operation.endColumn,
  );
  const isNewest = annotation.from.id === state.captures.latest()?.id;
  const outputs = operations.map((one) => one.output);
  const statistics = await ask(outputs, isNewest ? source : null);
  const value = operationHoverText({ ...operationFacts(annotation, open.file), operations, statistics });
  return { contents: { kind: 'markdown', value }, range: toRange(site) };
}

function operationFacts({ from, operations, stale }: Annotation, file: string) {
  return { capture: from.capture, operations, stale, source: from.sources.get(file) ?? null };
}

function definitionAt(state: ServerState, open: OpenFile, position: Position): Found | null {
  const defined = lineAt(state, open, position);
  if (defined === null || defined.annotation === null) {
    return null;
  }
  const { annotation } = defined;
  return { annotation, place: annotation.places[0] ?? emptyPlace(annotation) };
}

function lineAt(state: ServerState, open: OpenFile, position: Position) {
  return (
    definedLines(state, open).find(
      (one) =>
        one.line === position.line + 1 &&
        (one.definitions.length === 0 || one.definitions.some((definition) => contains(definition.range, position))),
    ) ?? null
  );
}

/** Where no capture tells of the line: the layer path, and why nothing is known. */
function staticHover(state: ServerState, open: OpenFile, position: Position): Hover | null {
  const defined = lineAt(state, open, position);
  if (defined === null) {
    return null;
  }
  const told = pathsByRoot(defined).map((path) => `\`${path}\``);
  const more = told.length > LISTED ? ` and ${told.length - LISTED} more` : '';
  const paths = `${told.slice(0, LISTED).join(', ')}${more}`;
  const builder = defined.definitions[0]?.constructorName ?? '';
  const built = builder === '' ? '' : ` \`${builder}\``;
  const doubt = defined.certain ? '' : '\n\n*The source does not tell for certain that this layer exists.*';
  return {
    contents: { kind: 'markdown', value: `**${paths}**${built}${doubt}\n\n${whyNotCaptured(state, open, defined)}` },
  };
}

function emptyPlace(annotation: Annotation): Place {
  const paths = new Set(annotation.uncalled.map((one) => one.path));
  const modules = annotation.from.capture.modules.filter((module) => module.paths.some((path) => paths.has(path)));
  return { modules, groups: [], site: null };
}

function placeHover(annotation: Annotation, place: Place, statistics: ReadonlyMap<number, Statistics>): string {
  return hoverText({
    capture: annotation.from.capture,
    place,
    stale: annotation.stale,
    uncalled: annotation.uncalled,
    unregistered: annotation.unregistered,
    statistics,
  });
}

async function ask(outputs: readonly Value[], source: StatisticsSource | null): Promise<Map<number, Statistics>> {
  const known = new Map<number, Statistics>();
  if (source === null) {
    return known;
  }
  const tensors = outputs.flatMap((one) => tensorsIn(one));
  for (const { handle } of tensors.slice(0, ASKED)) {
    const answer = handle === undefined ? null : await source.statistics(handle);
    if (handle !== undefined && answer !== null) {
      known.set(handle, answer);
    }
  }
  return known;
}
