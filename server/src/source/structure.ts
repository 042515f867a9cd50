/** What a file says of its classes beside where their layers stand: how they hold each other, and how they are built. Pure. */

import type { Directive, Factory, ModuleClass, ParsedFile, PlainClass } from '../model/moduleClass';

/** The same object for files that differ in lines, layers and calls alone: what is worked out of the rest hangs on it. */
export type Structure = object;

const structures = new WeakMap<ParsedFile, Structure>();

export function structureOf(parsed: ParsedFile): Structure {
  let known = structures.get(parsed);
  if (known === undefined) {
    known = {};
    structures.set(parsed, known);
  }
  return known;
}

/** Says that one file takes the place of another. */
export function inheritStructure(before: ParsedFile, now: ParsedFile): void {
  if (sameStructure(before, now)) {
    structures.set(now, structureOf(before));
  }
}

function sameStructure(a: ParsedFile, b: ParsedFile): boolean {
  return (
    every(a.classes, b.classes, sameClass) &&
    every(a.directives, b.directives, sameDirective) &&
    every(a.factories, b.factories, sameFactory) &&
    every(a.plainClasses, b.plainClasses, samePlainClass)
  );
}

function sameClass(a: ModuleClass, b: ModuleClass): boolean {
  return (
    a.name === b.name &&
    a.isOpen === b.isOpen &&
    a.hasForward === b.hasForward &&
    every(a.mentions, b.mentions, Object.is) &&
    every(a.lineage, b.lineage, Object.is) &&
    every(a.farLineage, b.farLineage, (x, y) => x.file === y.file && x.className === y.className) &&
    every(a.parts, b.parts, (x, y) => x.pattern === y.pattern && x.className === y.className) &&
    every(
      a.farParts,
      b.farParts,
      (x, y) => x.pattern === y.pattern && x.file === y.file && x.className === y.className,
    ) &&
    (a.constructorParameters === null) === (b.constructorParameters === null) &&
    every(
      a.constructorParameters ?? [],
      b.constructorParameters ?? [],
      (x, y) =>
        x.name === y.name && x.annotation === y.annotation && x.defaultValue === y.defaultValue && x.kind === y.kind,
    )
  );
}

function sameDirective(a: Directive, b: Directive): boolean {
  return a.expression === b.expression && a.className === b.className;
}

function sameFactory(a: Factory, b: Factory): boolean {
  return a.name === b.name && a.className === b.className && every(a.mentions, b.mentions, Object.is);
}

function samePlainClass(a: PlainClass, b: PlainClass): boolean {
  return a.name === b.name && a.buildsWithoutArguments === b.buildsWithoutArguments;
}

function every<T>(a: readonly T[], b: readonly T[], same: (x: T, y: T) => boolean): boolean {
  if (a === b) {
    return true;
  }
  if (a.length !== b.length) {
    return false;
  }
  for (let index = 0; index < a.length; index += 1) {
    const x = a[index];
    const y = b[index];
    if (x === undefined || y === undefined || (x !== y && !same(x, y))) {
      return false;
    }
  }
  return true;
}
