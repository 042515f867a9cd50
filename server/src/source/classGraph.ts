/** Which module classes of a file use which others. Pure. */

import type { ModuleClass, ParsedFile } from '../model/moduleClass';

/** Module classes that no other class of the file uses, in source order; all of them where they use each other in a circle. */
export function rootClasses(file: ParsedFile): ModuleClass[] {
  const used = new Set(file.classes.flatMap((one) => [...usedBy(file, one.name)]));
  const roots = file.classes.filter((one) => !used.has(one.name));
  return roots.length > 0 ? roots : [...file.classes];
}

/** Root classes in whose model `className` is found, directly or further down; itself where it is a root. */
export function rootsOf(file: ParsedFile, className: string): ModuleClass[] {
  return rootClasses(file).filter((root) => root.name === className || reachable(file, root.name).has(className));
}

function reachable(file: ParsedFile, from: string): Set<string> {
  const seen = new Set<string>();
  const open = [from];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    for (const next of usedBy(file, name)) {
      if (!seen.has(next)) {
        seen.add(next);
        open.push(next);
      }
    }
  }
  return seen;
}

/** Classes named in the class, in the functions that build it (`ResNet(BasicBlock, [2, 2])`), and in its recipe. */
function usedBy(file: ParsedFile, className: string): Set<string> {
  const own = file.classes.find((one) => one.name === className)?.mentions ?? [];
  const factories = file.factories.filter((one) => one.className === className).flatMap((one) => one.mentions);
  const recipes = file.directives
    .filter((one) => one.className === className)
    .flatMap((one) => file.classes.map((other) => other.name).filter((name) => names(one.expression, name)));
  return new Set([...own, ...factories, ...recipes].filter((name) => name !== className));
}

/** True where the expression holds the (dotted) name as a word of its own. */
function names(expression: string, name: string): boolean {
  const at = expression.indexOf(name);
  const word = /[\p{L}\p{N}_]/u;
  return at >= 0 && !word.test(expression[at - 1] ?? ' ') && !word.test(expression[at + name.length] ?? ' ');
}
