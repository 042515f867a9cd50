/** Where each class of a file is found from the file's roots: `BasicBlock` is `layer{1..4}.*` of ResNet. Pure. */

import type { ParsedFile } from '../model/moduleClass';
import { rootClasses } from './rootClasses';

/** Bounds for classes that hold themselves. */
const MAX_DEPTH = 8;
const MAX_PATHS = 64;

/** By class name the patterns under which it is found; `''` for a root. A class that no root is known to build has `''` alone. */
export function composePaths(parsed: ParsedFile): Map<string, string[]> {
  const byName = new Map(parsed.classes.map((one) => [one.name, one] as const));
  const found = new Map<string, Set<string>>(parsed.classes.map((one) => [one.name, new Set<string>()]));
  const visit = (name: string, path: string, above: readonly string[]): void => {
    const of = byName.get(name);
    if (of === undefined || above.length > MAX_DEPTH || above.includes(name)) {
      return;
    }
    // What is inherited stands at the base that writes it.
    for (const one of [name, ...of.lineage]) {
      const paths = found.get(one);
      if (paths !== undefined && paths.size < MAX_PATHS) {
        paths.add(path);
      }
    }
    for (const part of of.parts) {
      visit(part.className, path === '' ? part.pattern : `${path}.${part.pattern}`, [...above, name]);
    }
  };
  for (const root of rootClasses(parsed)) {
    visit(root.name, '', []);
  }
  return new Map([...found].map(([name, paths]) => [name, paths.size === 0 ? [''] : [...paths]]));
}
