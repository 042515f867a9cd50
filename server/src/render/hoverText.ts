/** The hover over a layer, in Markdown. Pure. */

import type { CallGroup, Place } from '../mapping/annotate';
import type { Unregistered } from '../mapping/reconcile';
import type { Capture, Gradients, RuntimeModule, Statistics } from '../protocol/helperMessages.generated';
import { captureSections } from './captureSections';
import { errorText, layerText } from './errorText';
import { callGradients, parameterGradient } from './gradientText';
import { compressPaths } from './layerPattern';
import { placePaths } from './lineText';
import { statisticsLines } from './statisticsText';
import { uncalledSections } from './uncalledText';
import { countText, tensorsByName, valueTree } from './value';

/** Call groups told in full before the rest is counted. */
const LISTED = 6;

export interface HoverFacts {
  readonly capture: Capture;
  readonly place: Place;
  readonly stale: boolean;
  readonly uncalled: readonly { path: string; reason: string }[];
  readonly unregistered: readonly Unregistered[];
  /** Statistics by tensor handle, as far as the helper still knows them. */
  readonly statistics: ReadonlyMap<number, Statistics>;
}

/** Everything a capture knows of one place. */
export function hoverText(facts: HoverFacts): string {
  const { capture, place } = facts;
  const sections = [place.modules.length === 0 ? definedTitle(facts.unregistered) : title(place)];
  if (facts.stale) {
    sections.push('*Stale: the source has changed since this capture.*');
  }
  if (place.groups.length > 0) {
    const listed = place.groups.slice(0, LISTED).flatMap((group) => groupLines(group, place.groups.length > 1, facts));
    const more = place.groups.length - LISTED;
    sections.push(codeBlock([...listed, ...(more > 0 ? [`... ${more} more kinds of calls`] : [])]));
  }
  sections.push(...uncalledSections(place, facts.uncalled));
  for (const { definition, reason } of facts.unregistered.slice(0, LISTED)) {
    sections.push(`\`${definition.pattern}\` has no layer in this run: ${reason}.`);
  }
  // At the call the diagnostic stands in the same hover.
  const failed = place.site === null ? capture.error : null;
  if (failed !== null && place.groups.some((group) => group.output === null)) {
    sections.push(codeBlock([errorText(failed)]));
  }
  const parameters = parameterText(place.modules, capture.gradients);
  if (parameters !== '') {
    sections.push(parameters);
  }
  sections.push(...captureSections(capture));
  return sections.join('\n\n');
}

function title(place: Place): string {
  const paths = placePaths(place).map((path) => `\`${path === '' ? 'model' : path}\``);
  const kinds = [...new Set(place.modules.map((module) => layerText(module)))];
  const kind = kinds.length > 2 ? `${kinds.slice(0, 2).join(', ')} and ${kinds.length - 2} more` : kinds.join(', ');
  return `**${paths.slice(0, LISTED).join(', ')}**${paths.length > LISTED ? ` and ${paths.length - LISTED} more` : ''} \`${kind}\``;
}

function definedTitle(unregistered: readonly Unregistered[]): string {
  const patterns = compressPaths([...new Set(unregistered.map((one) => one.definition.pattern))]);
  const [builder] = unregistered.map((one) => one.definition.constructorName ?? '');
  return `**${patterns.map((pattern) => `\`${pattern}\``).join(', ')}**${builder === undefined || builder === '' ? '' : ` \`${builder}\``}`;
}

function groupLines(group: CallGroup, several: boolean, facts: HoverFacts): string[] {
  const indent = several ? '  ' : '';
  const paths = compressPaths([...new Set(group.calls.map((call) => call.path))]);
  const named = `${paths.slice(0, 3).join(', ')}${paths.length > 3 ? ` and ${paths.length - 3} more` : ''}`;
  const count = group.calls.length > 1 ? `${group.calls.length} calls` : '';
  const head = several ? `${named}${count === '' ? '' : ` (${count})`}` : count;
  const given = new Map(tensorsByName(group.input));
  const output = group.output === null ? ['raised'] : valueTree(group.output, '', '', given);
  const statistics = group.output === null ? [] : statisticsLines(group.output, facts.statistics);
  const gradient = callGradients(facts.capture.gradients, group.calls);
  return [
    ...(head === '' ? [] : [head]),
    ...labelled('in', valueTree(group.input), indent),
    ...labelled('out', [...output, ...statistics, ...(gradient === '' ? [] : [gradient])], indent),
  ];
}

/** The label stands once, before the first line. */
function labelled(label: string, lines: readonly string[], indent: string): string[] {
  return lines.map((line, index) => `${indent}${(index === 0 ? label : '').padEnd(5)}${line}`);
}

function parameterText(modules: readonly RuntimeModule[], gradients: Gradients | undefined): string {
  const [first] = modules;
  if (first === undefined || modules.every((module) => module.parameters === 0)) {
    return '';
  }
  const counts = [...new Set(modules.map((module) => module.parameters))];
  const count =
    counts.length === 1
      ? countText(first.parameters)
      : `${countText(Math.min(...counts))} to ${countText(Math.max(...counts))}`;
  const each = modules.length > 1 ? ' each' : '';
  const own = counts.length === 1 ? first.ownParameters : [];
  const gradientOf = (name: string): string =>
    modules.length > 1 ? '' : parameterGradient(gradients, first.paths[0] ?? '', name);
  const names = own
    .map((one) => {
      const facts = [`${one.name} [${one.shape.join(', ')}]`, one.trainable ? '' : 'frozen', gradientOf(one.name)];
      return facts.filter((text) => text !== '').join(' ');
    })
    .join(', ');
  return `${count} parameters${each}${names === '' ? '' : `: ${names}`}`;
}

function codeBlock(lines: readonly string[]): string {
  return ['```text', ...lines, '```'].join('\n');
}
