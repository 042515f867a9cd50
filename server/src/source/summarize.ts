/** What is known of one file, as plain records. */

import type { Analysis } from '../interpret/analyze';
import { type Found, registrationsBelow } from '../interpret/collect';
import type { FileClass } from '../interpret/fileClass';
import type { Module } from '../interpret/module';
import { homeOf } from '../interpret/module';
import { buildsWithoutArguments } from '../interpret/plainClasses';
import { isTorchModule } from '../interpret/torchNames';
import type {
  ClassRef,
  Factory,
  FarDefinition,
  FarPart,
  LayerPart,
  ModuleClass,
  Parameter,
  ParsedFile,
  PlainClass,
} from '../model/moduleClass';
import { directivesIn } from '../syntax/directives';
import { LineIndex } from '../syntax/lineIndex';
import type { ClassNode, FormalParameter, FunctionNode } from '../syntax/python/ast';
import { namesIn } from '../syntax/python/namesIn';
import type { SourceFile } from '../syntax/sourceFile';
import { definitions, definitionsByOwner, type PlacedDefinition, type RangeOf } from './definitions';
import { layerUses } from './layerUses';

export const NOTHING: ParsedFile = {
  classes: [],
  directives: [],
  factories: [],
  plainClasses: [],
  farDefinitions: [],
};

export function summarize(analysis: Analysis): ParsedFile {
  const { module, facts } = analysis;
  const lines = linesOf(module.source);
  const found = new Map([...definitionsByOwner(analysis)].map(([of, all]) => [of, unchanged(of, all)] as const));
  const placed = new Map([...found].map(([of, all]) => [of, placedOf(all)] as const));
  const own = (of: FileClass): readonly PlacedDefinition[] =>
    (placed.get(of) ?? []).filter((one) => one.file === module.file);
  const shown = analysis.classes.filter((of) => facts.isModule(of) || own(of).length > 0);
  const moduleNames = shown.map((of) => of.name);
  const allNames = moduleNames.join(' ');
  const byLastName = new Map<string, string[]>();
  for (const name of moduleNames) {
    const last = name.slice(name.lastIndexOf('.') + 1);
    byLastName.set(last, [...(byLastName.get(last) ?? []), name]);
  }
  const order = new Map(moduleNames.map((name, index) => [name, index] as const));
  const mentioned = (all: ReadonlySet<string>, self: string | null): string[] =>
    [...all]
      .flatMap((name) => byLastName.get(name) ?? [])
      .filter((name) => name !== self)
      .sort((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0));
  return {
    classes: shown.map((of): ModuleClass => {
      const lineage = facts.lineage(of);
      const start = module.startOf(of.unit);
      const { line } = lines.position(start);
      // What the record is made of; where all of it is the same as the last time, so is the record.
      const made = [
        line,
        allNames,
        analysis.instances.get(of),
        placed.get(of),
        ...lineage,
        ...lineage.map((one) => found.get(one)),
      ];
      const before = records.get(of);
      if (before !== undefined && sameItems(before.made, made)) {
        return before.record;
      }
      const init = facts.method(of, '__init__');
      const externals = facts.externalBases(of);
      const unseen = externals.some((path) => !isTorchModule(path) && !path.startsWith('builtins.'));
      const below = partsOf(analysis, of);
      const { node } = of;
      const { text } = of.unit;
      const record: ModuleClass = {
        name: of.name,
        range: lines.range(start + node.start, start + node.end),
        bases: node.bases
          .filter((base) => base.name === null)
          .map((base) => text.slice(base.value.start, base.value.end)),
        definitions: own(of).map((one) => one.definition),
        uses: layerUses(analysis, of, found, lines),
        constructorParameters:
          of.methods.has('__init__') && init !== null
            ? init.node.parameters.slice(1).map((one) => parameter(one, text))
            : null,
        mentions: mentioned(namesOf(node), of.name),
        parts: below.flatMap(({ pattern, of: part }): LayerPart[] =>
          part.module === module ? [{ pattern, className: part.name }] : [],
        ),
        farParts: below.flatMap(({ pattern, of: part }): FarPart[] =>
          part.module === module ? [] : [{ pattern, ...refOf(part) }],
        ),
        lineage: lineage.slice(1).flatMap((one) => (one.module === module ? [one.name] : [])),
        farLineage: lineage.slice(1).flatMap((one) => (one.module === module ? [] : [refOf(one)])),
        isOpen: facts.hasUnseenBase(of),
        hasForward:
          unseen ||
          lineage.some((one) => one.methods.has('forward')) ||
          externals.some((path) => isTorchModule(path) && !path.endsWith('.Module')),
        firstLine: lines.position(start + node.outerStart).line,
      };
      records.set(of, { made, record });
      return record;
    }),
    directives: module.source.comments.length === 0 ? [] : directivesIn(module.source, lines, placesOf(analysis)),
    factories: [...analysis.returned].flatMap(([node, classes]) => factory(node, classes, module, lines, mentioned)),
    // Only constructors of the file's module classes ask for them.
    plainClasses: (shown.length === 0 ? [] : analysis.classes)
      .filter((of) => !shown.includes(of))
      .map((of): PlainClass => ({ name: of.name, buildsWithoutArguments: buildsWithoutArguments(facts, of) })),
    farDefinitions: [...placed].flatMap(([of, all]) => far(of, all, module)),
  };
}

const records = new WeakMap<FileClass, { made: readonly unknown[]; record: ModuleClass }>();
const foundBefore = new WeakMap<FileClass, readonly Found[]>();
const placedBefore = new WeakMap<readonly Found[], { lines: readonly number[]; placed: readonly PlacedDefinition[] }>();

/** The list of the last time where it has the same items. */
function unchanged(of: FileClass, all: readonly Found[]): readonly Found[] {
  const before = foundBefore.get(of);
  if (before !== undefined && sameItems(before, all)) {
    return before;
  }
  foundBefore.set(of, all);
  return all;
}

/** Definitions of a class with their lines; again the same list where no unit has moved. */
function placedOf(all: readonly Found[]): readonly PlacedDefinition[] {
  const before = placedBefore.get(all);
  const starts = [...new Set(all.map((one) => one.site.unit))].map((unit) =>
    unit === null ? 0 : rangeOf(unit, 0, 0).line,
  );
  if (before !== undefined && sameItems(before.lines, starts)) {
    return before.placed;
  }
  const placed = definitions(all, rangeOf);
  placedBefore.set(all, { lines: starts, placed });
  return placed;
}

function sameItems(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((one, index) => one === b[index]);
}

function placesOf({ module, classes }: Analysis): Parameters<typeof directivesIn>[2] {
  return classes.map((of) => {
    const start = module.startOf(of.unit);
    const { node } = of;
    return {
      name: of.name,
      start: start + node.start,
      outerStart: start + node.outerStart,
      headerEnd: start + node.headerEnd,
    };
  });
}

function far(of: FileClass, all: readonly PlacedDefinition[], module: Module): FarDefinition[] {
  return all.flatMap(({ file, definition }) =>
    of.module === module && file === module.file ? [] : [{ file, owner: refOf(of), definition }],
  );
}

function factory(
  node: FunctionNode,
  classes: readonly FileClass[],
  module: Module,
  lines: LineIndex,
  mentioned: (names: ReadonlySet<string>, self: string | null) => string[],
): Factory[] {
  const [className] = classes.flatMap((of) => (of.module === module ? [of.name] : []));
  const callable = node.parameters.every(
    (one) => one.defaultValue !== null || one.kind === 'variadic' || one.kind === 'keywordVariadic',
  );
  if (className === undefined || !callable) {
    return [];
  }
  const { line } = lines.position(module.startOf(node.unit) + node.start);
  return [{ name: node.name, className, mentions: mentioned(namesOf(node), null), line }];
}

function refOf(of: FileClass): ClassRef {
  return { file: of.module.file, className: of.name };
}

const lineIndices = new WeakMap<SourceFile, LineIndex>();

function linesOf(source: SourceFile): LineIndex {
  let lines = lineIndices.get(source);
  if (lines === undefined) {
    lines = new LineIndex(source.text);
    lineIndices.set(source, lines);
  }
  return lines;
}

const rangeOf: RangeOf = (unit, start, end) => {
  const home = homeOf(unit);
  const at = home?.startOf(unit) ?? 0;
  return linesOf(home?.source ?? { text: unit.text, units: [], comments: [] }).range(at + start, at + end);
};

const names = new WeakMap<ClassNode | FunctionNode, ReadonlySet<string>>();

function namesOf(node: ClassNode | FunctionNode): ReadonlySet<string> {
  let all = names.get(node);
  if (all === undefined) {
    all = namesIn(node.body);
    names.set(node, all);
  }
  return all;
}

/** Where instances of classes that can be seen stand below a class. */
function partsOf(analysis: Analysis, of: FileClass): { pattern: string; of: FileClass }[] {
  const instance = analysis.instances.get(of);
  if (instance === undefined) {
    return [];
  }
  const seen = new Map<FileClass, Set<string>>();
  const isNew = (pattern: string, part: FileClass): boolean => {
    const patterns = seen.get(part) ?? new Set<string>();
    seen.set(part, patterns);
    return !patterns.has(pattern) && patterns.add(pattern).size > 0;
  };
  return registrationsBelow(instance, () => false)
    .flatMap((one: Found) => one.builds.map((built) => ({ pattern: one.pattern, of: built })))
    .filter((one) => isNew(one.pattern, one.of));
}

function parameter(one: FormalParameter, text: string): Parameter {
  return {
    name: one.name,
    annotation: one.annotation === null ? null : text.slice(one.annotation.start, one.annotation.end),
    defaultValue: one.defaultValue === null ? null : text.slice(one.defaultValue.start, one.defaultValue.end),
    kind: one.kind,
  };
}
