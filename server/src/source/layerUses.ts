/** Which calls in methods are calls of known layers. */

import type { Found } from '../interpret/collect';
import type { FileClass } from '../interpret/fileClass';
import { type RawUse, usesIn } from '../syntax/uses';

/**
 * Where methods of the class call its layers, in source order; `found` is what the class and its bases register. Spans count
 * from the class's unit.
 */
export function layerUses(of: FileClass, found: readonly (readonly Found[])[]): readonly RawUse[] {
  const known = found.flatMap((all) => all.map((each) => each.pattern.split('.')));
  return usesOf(of)
    .filter((use) => isLayerPath(use.pattern.split('.'), known))
    .sort((a, b) => a.span.start - b.span.start);
}

const usesByClass = new WeakMap<FileClass, readonly RawUse[]>();

/** What the methods of a class call; spans count from its unit. */
export function usesOf(of: FileClass): readonly RawUse[] {
  let uses = usesByClass.get(of);
  if (uses === undefined) {
    uses = [...of.methods.values()].flatMap(usesIn);
    usesByClass.set(of, uses);
  }
  return uses;
}

/** True where the path is that of a known layer, or below one of whose inside nothing is known. */
function isLayerPath(path: readonly string[], known: readonly (readonly string[])[]): boolean {
  const matches = (segments: readonly string[], length: number): boolean =>
    segments.length === length && segments.every((one, index) => segmentsMatch(one, path[index] ?? ''));
  if (known.some((segments) => matches(segments, path.length))) {
    return true;
  }
  const [root] = path;
  const inside = known.filter((segments) => segments.length > 1 && segmentsMatch(segments[0] ?? '', root ?? ''));
  const last = path.at(-1) ?? '';
  return (
    path.length > 1 &&
    inside.length === 0 &&
    known.some((segments) => matches(segments, 1) || segmentsMatch(segments[0] ?? '', root ?? '')) &&
    (last === '*' || /^\d+$/.test(last))
  );
}

/** `*` in a segment stands for any text. */
export function segmentsMatch(a: string, b: string): boolean {
  if (a === b || a === '*' || b === '*') {
    return true;
  }
  const asPattern = (text: string): RegExp =>
    new RegExp(
      `^${text
        .split('*')
        .map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, '\\$&'))
        .join('.*')}$`,
    );
  return (a.includes('*') && asPattern(a).test(b)) || (b.includes('*') && asPattern(b).test(a));
}
