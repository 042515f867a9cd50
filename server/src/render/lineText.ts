/** What stands at the end of a source line. Pure. */

import type { CallGroup, LineAnnotation, Place } from '../mapping/annotate';
import type { Operation } from '../protocol/helperMessages.generated';
import { compressPaths } from './layerPattern';
import { collapse, shorten, times, valueText } from './value';

/** Groups listed before the rest is counted. */
const LISTED = 2;
/** Call expressions of one line listed before the rest is counted. */
const LISTED_PLACES = 4;

/**
 * The text of a hint: `[1, 3, 8, 8] -> [1, 16, 6, 6] x4`; on a line with several calls each by its name, `conv1 -> [1, 16, 6, 6], pool -> ...`.
 * Empty where the line has nothing to show.
 */
export function lineText(annotation: LineAnnotation): string {
  if (annotation.role === 'operation') {
    return operationText(annotation.operations);
  }
  const [first, ...rest] = annotation.places;
  if (first === undefined) {
    return annotation.idle ? 'not called' : '';
  }
  if (rest.length === 0) {
    return groupsText(first.groups);
  }
  const listed = annotation.places.slice(0, LISTED_PLACES).map(namedPlace);
  const more = annotation.places.length - listed.length;
  return [...listed, ...(more > 0 ? [`+${more} more`] : [])].join(', ');
}

/** As `lineText`, with the layer's name between in and out: `[1, 3, 8, 8] -> conv1 -> [1, 16, 6, 6]`; for readers who see no lens. */
export function namedLineText(annotation: LineAnnotation): string {
  const [first, ...rest] = annotation.places;
  if (first === undefined || rest.length > 0) {
    return lineText(annotation);
  }
  return groupsText(first.groups, placeName(first));
}

/** `blocks.{0..3}`: the layer paths of a place, as short as they can be told. */
export function placePaths(place: Place): string[] {
  const called = new Set(place.groups.flatMap((group) => group.calls.map((call) => call.path)));
  return compressPaths(called.size > 0 ? [...called] : place.modules.flatMap((module) => module.paths));
}

function groupsText(groups: readonly CallGroup[], name?: string): string {
  const listed = groups.slice(0, LISTED).map((group) => {
    const input = shorten(valueText(group.input));
    const output = outputText(group);
    const middle = name === undefined ? ' -> ' : ` -> ${name} -> `;
    return times(`${input === '' ? '()' : input}${middle}${output}`, group.calls.length);
  });
  const more = groups.length - listed.length;
  return [...listed, ...(more > 0 ? [`+${more} more`] : [])].join(' | ');
}

function namedPlace(place: Place): string {
  const texts = collapse(place.groups.flatMap((group) => group.calls.map(() => outputText(group))));
  const [first = '', ...rest] = texts;
  return `${placeName(place)} -> ${first}${rest.length > 0 ? ` | +${rest.length} more` : ''}`;
}

function outputText(group: CallGroup): string {
  return group.output === null ? 'failed' : shorten(valueText(group.output));
}

/** The name the source uses: `conv1`; for items of a container its name too, `blocks.{0..3}`. */
function placeName(place: Place): string {
  const tails = place.groups.flatMap((group) =>
    group.calls.map((call) => {
      const segments = call.path.split('.');
      let start = segments.length - 1;
      while (start > 0 && /^\d+$/.test(segments[start] ?? '')) {
        start -= 1;
      }
      return segments.slice(start).join('.');
    }),
  );
  return compressPaths([...new Set(tails)]).join(', ') || 'model';
}

/** The value of the line is that of the expression that ended last. */
function operationText(operations: readonly Operation[]): string {
  const last = operations.reduce((a, b) => (b.order > a.order ? b : a));
  const same = operations.filter((one) => one.column === last.column && one.endColumn === last.endColumn);
  const texts = collapse(same.map((one) => shorten(valueText(one.output))));
  const listed = texts.slice(0, LISTED).join(' | ');
  const more = texts.length - LISTED;
  return `-> ${listed}${more > 0 ? ` | +${more} more` : ''}`;
}
