/** Many layer paths in few words: `layer{1..4}.{0,1}.conv1`. Exact: expanding gives the same set. Pure. */

/** The paths in the order of their first member, as few and as short as found. */
export function compressPaths(paths: readonly string[]): string[] {
  const groups = [...new Set(paths)].map((path) => path.split('.').map((segment): readonly string[] => [segment]));
  return mergeAll(groups).map((segments) => segments.map(segmentText).join('.'));
}

/** All paths a compressed one stands for. */
export function expandPath(compressed: string): string[] {
  const match = /^(?<head>[^{]*)\{(?<body>[^{}]*)\}(?<tail>.*)$/s.exec(compressed);
  if (match?.groups === undefined) {
    return [compressed];
  }
  const { head = '', body = '', tail = '' } = match.groups;
  const choices = body.split(',').flatMap((part) => {
    const range = /^(\d+)\.\.(\d+)$/.exec(part);
    return range === null ? [part] : numbers(Number(range[1]), Number(range[2]));
  });
  return choices.flatMap((choice) => expandPath(tail).map((rest) => `${head}${choice}${rest}`));
}

type Segments = readonly (readonly string[])[];

/** Joins paths that differ in one segment only, from the first segment to the last and again, until nothing joins. */
function mergeAll(groups: readonly Segments[]): Segments[] {
  let current = [...groups];
  for (let before = -1; before !== current.length; ) {
    before = current.length;
    const depth = current.reduce((most, one) => Math.max(most, one.length), 0);
    for (let at = depth - 1; at >= 0; at -= 1) {
      current = mergeAt(current, at);
    }
  }
  return current;
}

function mergeAt(groups: readonly Segments[], at: number): Segments[] {
  const merged = new Map<string, Segments>();
  for (const group of groups) {
    const segment = group[at];
    const [first] = segment ?? [];
    const kind = segment === undefined || first === undefined ? null : stem(first);
    const others = group
      .map((one, index) => (index === at ? `\u0000${kind ?? ''}` : one.join('\u0001')))
      .join('\u0002');
    const known = kind === null ? undefined : merged.get(others);
    if (kind === null) {
      merged.set(`${merged.size}\u0003${others}`, group);
    } else if (known === undefined) {
      merged.set(others, group);
    } else {
      merged.set(
        others,
        known.map((one, index) => (index === at ? [...new Set([...one, ...(segment ?? [])])] : one)),
      );
    }
  }
  return [...merged.values()];
}

/** Segments that differ in one number join: `layer1` and `layer2`, `0` and `1`. */
function stem(segment: string): string | null {
  const match = /^(?<name>[^0-9{},]*)(0|[1-9][0-9]{0,8})$/.exec(segment);
  return match?.groups?.name ?? null;
}

function segmentText(choices: readonly string[]): string {
  const [first] = choices;
  if (first === undefined || choices.length === 1) {
    return first ?? '';
  }
  const name = stem(first) ?? '';
  const values = choices.map((choice) => Number(choice.slice(name.length))).sort((a, b) => a - b);
  return `${name}{${runs(values).map(runText).join(',')}}`;
}

/** Sorted numbers as runs of consecutive ones. */
function runs(values: readonly number[]): number[][] {
  const all: number[][] = [];
  for (const value of values) {
    const last = all.at(-1);
    if (last?.at(-1) === value - 1) {
      last.push(value);
    } else {
      all.push([value]);
    }
  }
  return all;
}

function runText(run: readonly number[]): string {
  return run.length > 2 ? `${run[0]}..${run.at(-1)}` : run.join(',');
}

function numbers(from: number, to: number): string[] {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => String(from + index));
}
