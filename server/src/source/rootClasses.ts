/** Which classes of a file are models of their own, and which are parts of others. Pure. */

import type { ModuleClass, ParsedFile } from '../model/moduleClass';

/** Module classes that no other class of the file builds, names, or completes; in source order. Never empty where there are classes. */
export function rootClasses(parsed: ParsedFile): ModuleClass[] {
  const roots = parsed.classes.filter((one) => !isUsed(parsed, one) && !isUnfinishedBase(parsed, one));
  return roots.length > 0 ? roots : [...parsed.classes];
}

/** True where running `root` builds, as far as the source tells, an instance of the class. */
export function reaches(parsed: ParsedFile, root: ModuleClass, className: string): boolean {
  const seen = new Set<string>();
  const open = [root.name];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (seen.has(name)) {
      continue;
    }
    seen.add(name);
    open.push(...neighbours(parsed, name));
  }
  return root.name !== className && seen.has(className);
}

function neighbours(parsed: ParsedFile, name: string): string[] {
  const of = parsed.classes.find((one) => one.name === name);
  const factories = parsed.factories.filter((factory) => factory.className === name);
  return [
    ...(of?.parts.map((part) => part.className) ?? []),
    ...(of?.mentions ?? []),
    ...(of?.lineage ?? []),
    ...factories.flatMap((factory) => factory.mentions),
  ];
}

function isUsed(parsed: ParsedFile, target: ModuleClass): boolean {
  return parsed.classes.some(
    (other) =>
      other.name !== target.name &&
      !target.lineage.includes(other.name) &&
      (other.mentions.includes(target.name) ||
        other.parts.some((part) => part.className === target.name) ||
        passedBy(parsed, other, target.name)),
  );
}

/** `ResNet(BasicBlock, ...)` in a factory of the file. */
function passedBy(parsed: ParsedFile, other: ModuleClass, name: string): boolean {
  return parsed.factories.some(
    (factory) => factory.className === other.name && factory.className !== name && factory.mentions.includes(name),
  );
}

function isUnfinishedBase(parsed: ParsedFile, target: ModuleClass): boolean {
  return !target.hasForward && parsed.classes.some((other) => other.lineage.includes(target.name));
}
