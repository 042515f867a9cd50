/** The hover over functions without a module, in Markdown. Pure. */

import { groupBy } from '../mapping/groupBy';
import type { Capture, Operation, Statistics } from '../protocol/helperMessages.generated';
import { captureSections } from './captureSections';
import { statisticsLines } from './statisticsText';
import { shorten, valueTree } from './value';

/** Expressions, and kinds of values of one, that are told in full before the rest is counted. */
const LISTED = 6;
/** Characters of an expression's source text. */
const TEXT = 100;

export interface OperationFacts {
  readonly capture: Capture;
  readonly operations: readonly Operation[];
  /** The file's text as it ran; null where it is not known. */
  readonly source: string | null;
  readonly stale: boolean;
  /** Statistics by tensor handle, as far as the helper still knows them. */
  readonly statistics: ReadonlyMap<number, Statistics>;
}

/** Each expression with what it gave, the outermost first, and where that comes from. */
export function operationHoverText(facts: OperationFacts): string {
  return [...operationSections(facts), ...captureSections(facts.capture)].join('\n\n');
}

/** The same without the recipe and the provenance. */
export function operationSections({ capture, operations, source, stale, statistics }: OperationFacts): string[] {
  const lines = source === null ? [] : source.split(/\r\n|\r|\n/);
  const byExpression = groupBy(
    operations,
    (one) => `${one.line}:${one.column}:${one.endLine}:${one.endColumn} ${one.column === null ? one.name : ''}`,
  );
  const expressions = [...byExpression.values()].sort(
    (a, b) => Math.max(...b.map((one) => one.order)) - Math.max(...a.map((one) => one.order)),
  );
  const more = expressions.length - LISTED;
  const model = capture.className ?? 'the model';
  return [
    ...(stale ? ['*Stale: the source has changed since this capture.*'] : []),
    ...expressions.slice(0, LISTED).flatMap((all) => expressionSections(all, lines, model, statistics)),
    ...(more > 0 ? [`and ${more} more`] : []),
  ];
}

function expressionSections(
  all: readonly Operation[],
  lines: readonly string[],
  model: string,
  statistics: ReadonlyMap<number, Statistics>,
): string[] {
  const [first] = all;
  if (first === undefined) {
    return [];
  }
  const kinds = [...groupBy(all, (one) => valueTree(one.output).join('\n')).values()];
  const values = kinds.slice(0, LISTED).flatMap((some) => {
    const [one] = some;
    const count = some.length > 1 ? [`${some.length} times`] : [];
    return one === undefined ? [] : [...count, ...valueTree(one.output), ...statisticsLines(one.output, statistics)];
  });
  const more = kinds.length - LISTED;
  const inside = [...new Set(all.map((one) => one.path))].map((path) => (path === '' ? model : path));
  const told = inside.slice(0, 3).map((path) => `\`${path}\``);
  const rest = inside.length > 3 ? ` and ${inside.length - 3} more` : '';
  return [
    `**${codeSpan(expressionText(first, lines))}** in ${told.join(', ')}${rest}`,
    ['```text', ...values, ...(more > 0 ? [`... ${more} more kinds of values`] : []), '```'].join('\n'),
  ];
}

/** `x.view(-1, 576)` as it stands in the source, on one line; the function's name where its columns are not known. */
function expressionText({ name, line, endLine, column, endColumn }: Operation, lines: readonly string[]): string {
  const text = lines.slice(line - 1, endLine);
  if (column === null || endColumn === null || text.length === 0) {
    return name;
  }
  const last = text.length - 1;
  const cut = text.map((one, index) =>
    one.slice(index === 0 ? column - 1 : 0, index === last ? endColumn - 1 : undefined),
  );
  return shorten(cut.map((one) => one.trim()).join(' '), TEXT) || name;
}

/** A text with backticks needs more of them around it. */
function codeSpan(text: string): string {
  return text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``;
}
