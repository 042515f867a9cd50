/** What stands at the end of a source line. Pure. */

import type { CallGroup, LineAnnotation, Place } from '../mapping/annotate';
import type { Operation } from '../protocol/helperMessages.generated';
import { compressPaths } from './layerPattern';
import { collapse, shorten, times, valueText } from './value';

/** Characters at a line's end before the rest is counted: more pushes the source out of sight. */
const BUDGET = 76;
/** Paths of one line that are named before the rest is counted. */
const NAMED = 4;

/**
 * The text of a hint: `[1, 3, 8, 8] -> [1, 16, 6, 6] x4`; where shapes differ what came out, `-> [1, 64, 56, 56] x2 | [1, 128, 28, 28] x2`;
 * on a line with several calls each by its name, `conv1 -> [1, 16, 6, 6], pool -> ...`. Empty where the line has nothing to show.
 */
export function lineText(annotation: LineAnnotation): string {
  if (annotation.role === 'operation') {
    return `-> ${operationText(annotation.operations)}`;
  }
  const [first, ...rest] = annotation.places;
  if (first === undefined && annotation.unregistered.length > 0) {
    // A file of many models would be full of it: the lens tells it of the lines of other classes.
    return annotation.unregistered.some((one) => one.kind === 'otherModel') ? '' : unregisteredText(annotation);
  }
  if (first === undefined) {
    return annotation.idle ? 'not called' : '';
  }
  const value = lineValue(annotation);
  if (rest.length === 0 && value === null) {
    return placeText(first, null);
  }
  const values = [...annotation.places.map(placeValue), ...(value === null ? [] : [value])];
  const [alike, ...others] = mergeAlike(values);
  if (alike !== undefined && others.length === 0) {
    return `${alike.names.join(', ')} -> ${listed(alike.outputs, ' | ')}`;
  }
  return withLast(mergeAlike(values).map(alternatives));
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
  const [first, ...rest] = annotation.places;
  if (first === undefined || rest.length > 0 || lineValue(annotation) !== null) {
    return lineText(annotation);
  }
  const paths = placePaths(first).map((path) => path || 'model');
  const more = paths.length - NAMED;
  return placeText(first, `${paths.slice(0, NAMED).join(', ')}${more > 0 ? ` +${more} more` : ''}`);
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

/** What the line gives in the end, where a function makes something else of what its layers gave: `cat -> [1, 16]`. */
function lineValue({ operations, places }: LineAnnotation): NamedOutputs | null {
  const [first] = operations;
  const last = places.at(-1);
  if (first === undefined || last === undefined) {
    return null;
  }
  const texts = operations.map((one) => shorten(valueText(one.output), 60));
  const seen = last.groups.flatMap((group) => group.calls.map(() => outputText(group)));
  const isSame = new Set([...texts, ...seen]).size === 1;
  return isSame ? null : { names: [first.name], outputs: collapse(texts) };
}

interface NamedOutputs {
  readonly names: readonly string[];
  readonly outputs: readonly string[];
}

function placeValue(place: Place): NamedOutputs {
  return { names: [placeName(place)], outputs: outputs(place.groups) };
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
  return collapse(groups.flatMap((group) => group.calls.map(() => outputText(group))));
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
function listed(texts: readonly string[], separator: string): string {
  let count = 0;
  for (let length = 0; count < texts.length; count += 1) {
    length += (texts[count] ?? '').length + separator.length;
    if (count > 0 && length > BUDGET) {
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

/** The value of the line is that of the expression that ended last. */
function operationText(operations: readonly Operation[]): string {
  const last = operations.reduce((a, b) => (b.order > a.order ? b : a));
  const same = operations.filter((one) => one.column === last.column && one.endColumn === last.endColumn);
  return listed(collapse(same.map((one) => shorten(valueText(one.output), 60))), ' | ');
}
