/** The one way to print a value tree: on one line for hints, as an indented tree for hovers. */

import type { Value } from '../protocol/helperMessages.generated';

/** One line: `[1, 3, 8, 8]`, `([2, 8], None)`, `{logits: [1, 16, 1000]}`. Arguments that hold no tensor are left out; equal ones lose their names. */
export function valueText(value: Value): string {
  switch (value.kind) {
    case 'tensor':
      return sizesText(value);
    case 'plain':
      return value.text;
    case 'arguments': {
      const shown = value.items.filter((item) => hasTensor(item.value));
      const texts = collapse(shown.map((item) => valueText(item.value)));
      // Query, key and value are often the same; one shape needs no name.
      return texts.length === 1 ? texts.join() : named(shown).join(', ');
    }
    case 'tuple':
      return `(${sequence(value.items, value.omitted)})`;
    case 'list':
      return `[${sequence(value.items, value.omitted)}]`;
    case 'dict':
      return `{${withOmitted(named(value.items), value.omitted)}}`;
    case 'object':
      return `${value.className}(${withOmitted(named(value.items.filter((item) => hasTensor(item.value))), value.omitted)})`;
  }
}

/**
 * Lines of a tree, each tensor with shape, dtype and device: the full form, nothing left out.
 * @param given names of tensors by handle: what is one of them, or lies in its memory, says so
 */
export function valueTree(
  value: Value,
  name = '',
  indent = '',
  given: ReadonlyMap<number, string> = new Map(),
): string[] {
  const label = name === '' ? indent : `${indent}${name}: `;
  if (value.kind === 'tensor') {
    const subclass = value.className === undefined ? '' : ` ${value.className}`;
    const layout = value.layout === undefined ? '' : ` ${value.layout}`;
    const same = value.handle === undefined ? undefined : given.get(value.handle);
    const shared = value.sharesWith === undefined ? undefined : given.get(value.sharesWith);
    const alias =
      same !== undefined ? ` (${same} itself)` : shared !== undefined ? ` (in the memory of ${shared})` : '';
    return [`${label}${sizesText(value)} ${value.dtype} ${value.device}${layout}${subclass}${alias}`];
  }
  if (value.kind === 'plain') {
    return [`${label}${value.text}`];
  }
  if (value.kind === 'arguments' && name === '') {
    return value.items.flatMap((item) => valueTree(item.value, item.key, indent, given));
  }
  const omitted = value.omitted > 0 ? [`${indent}  ... ${value.omitted} more`] : [];
  const children = value.items.flatMap((item) => valueTree(item.value, item.key, `${indent}  `, given));
  return [`${label}${value.className === '' ? value.kind : value.className}`, ...children, ...omitted];
}

/** Handles of the tensors of a layer's arguments, each with its name: `x`, `state.0`. */
export function tensorsByName(value: Value, name = ''): [handle: number, name: string][] {
  if (value.kind === 'tensor') {
    return value.handle === undefined ? [] : [[value.handle, name]];
  }
  const path = (key: string): string => (name === '' ? key : `${name}.${key}`);
  return value.kind === 'plain' ? [] : value.items.flatMap((item) => tensorsByName(item.value, path(item.key)));
}

/** The tensors of a value, depth first. */
export function tensorsIn(value: Value): Extract<Value, { kind: 'tensor' }>[] {
  if (value.kind === 'tensor') {
    return [value];
  }
  return value.kind === 'plain' ? [] : value.items.flatMap((item) => tensorsIn(item.value));
}

/** Shortens a text for a line's end; the whole stands in the hover. */
export function shorten(text: string, limit = 72): string {
  return text.length <= limit ? text : `${text.slice(0, limit - 3)}...`;
}

/** `[1, 3, 8, 8]`; `[N, 3, H, W]` where the sizes have names. */
function sizesText({ shape, dims }: Extract<Value, { kind: 'tensor' }>): string {
  return `[${(dims ?? shape).join(', ')}]`;
}

type Item = { key: string; value: Value };

function hasTensor(value: Value): boolean {
  return value.kind === 'tensor' || (value.kind !== 'plain' && value.items.some((item) => hasTensor(item.value)));
}

function named(items: readonly Item[]): string[] {
  return items.map((item) => `${item.key}: ${valueText(item.value)}`);
}

/** Equal neighbours collapse: `[2, 8] x3`. */
function sequence(items: readonly Item[], omitted: number): string {
  return withOmitted(collapse(items.map((item) => valueText(item.value))), omitted);
}

function withOmitted(texts: readonly string[], omitted: number): string {
  return [...texts, ...(omitted > 0 ? [`... ${omitted} more`] : [])].join(', ');
}

/** `a, a, b` becomes `a x2, b`. */
export function collapse(texts: readonly string[]): string[] {
  const runs: { text: string; count: number }[] = [];
  for (const text of texts) {
    const last = runs.at(-1);
    if (last?.text === text) {
      last.count += 1;
    } else {
      runs.push({ text, count: 1 });
    }
  }
  return runs.map((run) => times(run.text, run.count));
}

/** `a, b, a` becomes `a x2, b`: all that are equal together, in the order of the first of each. */
export function tally(texts: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const text of texts) {
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  return [...counts].map(([text, count]) => times(text, count));
}

/** `text x4`; once is the text alone. */
export function times(text: string, count: number): string {
  return count === 1 ? text : `${text} x${count}`;
}

/** 11689512 as `11.7M`. */
export function countText(count: number): string {
  for (const [unit, size] of [
    ['B', 1e9],
    ['M', 1e6],
    ['K', 1e3],
  ] as const) {
    if (count >= size) {
      return `${Number((count / size).toPrecision(3))}${unit}`;
    }
  }
  return String(count);
}
