/** What stands at the end of a source line. Pure. */

import type { CallGroup, LineAnnotation, Place } from '../mapping/annotate';
import { groupBy } from '../mapping/groupBy';
import type { Operation } from '../protocol/helperMessages.generated';
import { compressPaths } from './layerPattern';
import { shorten, tally, times, valueText } from './value';

/** Characters at a line's end before the rest is counted: more pushes the source out of sight. */
const BUDGET = 76;
/** Paths of one line that are named before the rest is counted. */
const NAMED = 4;

/**
 * The text of a hint: `[1, 3, 8, 8] -> [1, 16, 6, 6] x4`; where shapes differ what came out, `-> [1, 64, 56, 56] x2 | [1, 128, 28, 28] x2`;
 * on a line with several calls each by its name, `conv1 -> [1, 16, 6, 6], pool -> ...`, as a call that is not all of its line.
 * Empty where the line has nothing to show.
 */
export function lineText(annotation: LineAnnotation): string {
  if (annotation.role === 'operation') {
    return operationText(annotation.operations);
  }
  const [first] = annotation.places;
  if (first === undefined && annotation.unregistered.length > 0) {
    // A file of many models would be full of it: the lens tells it of the lines of other classes.
    return annotation.unregistered.some((one) => one.kind === 'otherModel') ? '' : unregisteredText(annotation);
  }
  if (first === undefined) {
    return annotation.idle ? 'not called' : '';
  }
  if (standsForLine(annotation)) {
    return placeText(first, null);
  }
  const merged = mergeAlike(inOrder(annotation));
  const [alike, ...others] = merged;
  if (alike !== undefined && others.length === 0) {
    return `${alike.names.join(', ')} -> ${listed(alike.outputs, ' | ')}`;
  }
  return withLast(merged.map(alternatives));
}

const unregisteredLabels: Record<LineAnnotation['unregistered'][number]['kind'], string> = {
  otherModel: 'not in this model',
  none: 'None',
  otherLine: 'by another line',
  branch: 'not built',
  invented: 'no such layer',
};

/** In two or three words why no layer of the run comes from a line; empty where one does. */
export function unregisteredText({ unregistered: [first] }: LineAnnotation): string {
  return first === undefined ? '' : unregisteredLabels[first.kind];
}

/** As `lineText`, with the layer's path between in and out: `[1, 3, 8, 8] -> layer1.0.conv1 -> [1, 64, 6, 6]`; for readers who see no lens. */
export function namedLineText(annotation: LineAnnotation): string {
  const [first] = annotation.places;
  if (first === undefined || !standsForLine(annotation)) {
    return lineText(annotation);
  }
  const paths = placePaths(first).map((path) => path || 'model');
  const more = paths.length - NAMED;
  return placeText(first, `${paths.slice(0, NAMED).join(', ')}${more > 0 ? ` +${more} more` : ''}`);
}

/** What stands before shapes of code, or of a recipe, that has changed since: short, as it stands on every line of the file. */
export const STALE_MARK = '~ ';

/** `[1, 4] x2 | [1, 8]`: what came out of a definition line, counted as `lineText` does, or why nothing did; for a row of a view. */
export function outputsText(annotation: LineAnnotation, limit: number): string {
  return annotation.places.length === 0
    ? lineText(annotation)
    : listed(outputs(annotation.places.flatMap((place) => place.groups)), ' | ', limit);
}

/** `blocks.{0..3}`: the layer paths of a place, as short as they can be told. */
export function placePaths(place: Place): string[] {
  const called = new Set(place.groups.flatMap((group) => group.calls.map((call) => call.path)));
  return compressPaths(called.size > 0 ? [...called] : place.modules.flatMap((module) => module.paths));
}

/** What went in is told where all calls are alike and it fits; the hover has it always. */
function placeText({ groups }: Place, name: string | null): string {
  const middle = name === null ? '-> ' : `-> ${name} -> `;
  const [first, ...rest] = groups;
  if (first === undefined) {
    return '';
  }
  if (rest.length === 0) {
    const input = valueText(first.input);
    const output = times(outputText(first), first.calls.length);
    return input.length + output.length < BUDGET
      ? `${input === '' ? '()' : input} ${middle}${output}`
      : `${middle}${output}`;
  }
  return `${middle}${listed(outputs(groups), ' | ')}`;
}

/** Whether what the one layer of a line gave has the shape of the line's value: nothing else could be read from it. */
function standsForLine(annotation: LineAnnotation): boolean {
  const { operations, places } = annotation;
  const [first, ...rest] = places;
  if (first === undefined || rest.length > 0 || around(annotation).length > 0) {
    return false;
  }
  const isDefinition = first.site === null;
  const isWhole = first.groups.every((group) => group.calls.every((call) => call.wholeValue === true));
  return isDefinition || isWhole || operations.some((one) => one.wholeValue === true);
}

/** Functions that make something else of what their layers gave: `cat -> [1, 16]`. None where all looks like the last layer's. */
function around({ operations, places }: LineAnnotation): readonly Operation[] {
  const seen = places.at(-1)?.groups.flatMap((group) => group.calls.map(() => outputText(group))) ?? [];
  return new Set([...operations.map(resultText), ...seen]).size === 1 ? [] : operations;
}

interface NamedOutputs {
  readonly names: readonly string[];
  readonly outputs: readonly string[];
}

/** Layers and functions of a line as they ran, so that it ends with what the line gives, where that is known. */
function inOrder(annotation: LineAnnotation): NamedOutputs[] {
  const layers = annotation.places.map((place) => ({
    order: Math.min(...place.groups.flatMap((group) => group.calls.map((call) => call.order))),
    value: { names: [placeName(place)], outputs: outputs(place.groups) },
  }));
  const functions = [...groupBy(around(annotation), (one) => `${one.line}:${one.column}:${one.endColumn}`).values()];
  const named = functions.map((all) => ({
    order: Math.min(...all.map((one) => one.order)),
    value: { names: [all[0]?.name ?? ''], outputs: tally(all.map(resultText)) },
  }));
  return [...layers, ...named].sort((a, b) => a.order - b.order).map((one) => one.value);
}

/** Neighbours that gave the same are told once: `conv1, bn1, relu -> [1, 64, 112, 112]`. */
function mergeAlike(values: readonly NamedOutputs[]): NamedOutputs[] {
  const merged: NamedOutputs[] = [];
  for (const value of values) {
    const last = merged.at(-1);
    if (last !== undefined && last.outputs.join() === value.outputs.join()) {
      merged[merged.length - 1] = { names: [...last.names, ...value.names], outputs: last.outputs };
    } else {
      merged.push(value);
    }
  }
  return merged;
}

/** `conv1 -> [1, 64, 56, 56] x2 | +3 more`. */
function alternatives({ names, outputs: [first = '', ...rest] }: NamedOutputs): string {
  return `${names.join(', ')} -> ${first}${rest.length > 0 ? ` | +${rest.length} more` : ''}`;
}

/** Equal outputs once, with their number, whatever went in. */
function outputs(groups: readonly CallGroup[]): string[] {
  return tally(groups.flatMap((group) => group.calls.map(() => outputText(group))));
}

/** Where all do not fit, the first and the last: what ran last is what the line gives. */
function withLast(texts: readonly string[]): string {
  const all = texts.join(', ');
  const last = texts.at(-1);
  if (all.length <= BUDGET || last === undefined) {
    return all;
  }
  const [first = ''] = texts;
  return texts.length > 2 ? `${first}, ..., ${last}` : all;
}

/** As many as fit, at least one; the rest is counted. */
export function listed(texts: readonly string[], separator: string, limit = BUDGET): string {
  let count = 0;
  for (let length = 0; count < texts.length; count += 1) {
    length += (texts[count] ?? '').length + separator.length;
    if (count > 0 && length > limit) {
      break;
    }
  }
  const more = texts.length - count;
  return [...texts.slice(0, count), ...(more > 0 ? [`+${more} more`] : [])].join(separator);
}

function outputText(group: CallGroup): string {
  return group.output === null ? 'failed' : shorten(valueText(group.output), 60);
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

/** Only what is the whole value of a statement tells the line's. */
function operationText(operations: readonly Operation[]): string {
  const whole = operations.filter((one) => one.wholeValue === true).sort((a, b) => a.order - b.order);
  return whole.length === 0 ? '' : `-> ${listed(tally(whole.map(resultText)), ' | ')}`;
}

function resultText({ output }: Operation): string {
  return shorten(valueText(output), 60);
}
