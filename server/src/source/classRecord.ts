/** What is known of one class, as a plain record. */

import type { Analysis } from '../interpret/analyze';
import { type Found, registrationsBelow } from '../interpret/collect';
import type { FileClass } from '../interpret/fileClass';
import { isTorchModule } from '../interpret/torchNames';
import type { ClassRef, FarPart, LayerDefinition, LayerPart, ModuleClass, Parameter } from '../model/moduleClass';
import { rangeIn } from '../syntax/lineIndex';
import type { FormalParameter } from '../syntax/python/ast';
import type { ClassNames } from './classNames';
import { layerUses } from './layerUses';
import { movedRange } from './placing';

/** What a record is made of beside the class itself. */
export interface Parts {
  /** What the class and each of its bases register. */
  readonly found: readonly (readonly Found[])[];
  readonly definitions: readonly LayerDefinition[];
  readonly names: ClassNames;
}

export function classRecord(analysis: Analysis, of: FileClass, { found, definitions, names }: Parts): ModuleClass {
  const { module, facts } = analysis;
  const lineage = facts.lineage(of);
  const init = facts.method(of, '__init__');
  const externals = facts.externalBases(of);
  const unseen = externals.some((path) => !isTorchModule(path) && !path.startsWith('builtins.'));
  const below = partsOf(analysis, of);
  const { node } = of;
  const { text } = of.unit;
  const placed = module.placeOf(of.unit);
  return {
    name: of.name,
    range: rangeIn(placed, node.start, node.end),
    bases: node.bases.filter((base) => base.name === null).map((base) => text.slice(base.value.start, base.value.end)),
    definitions,
    uses: layerUses(of, found).map(({ pattern, span }) => ({ pattern, range: rangeIn(placed, span.start, span.end) })),
    constructorParameters:
      of.methods.has('__init__') && init !== null
        ? init.node.parameters.slice(1).map((one) => parameter(one, text))
        : null,
    mentions: names.mentionedIn(node, of.name),
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
    firstLine: rangeIn(placed, node.outerStart, node.outerStart).line,
  };
}

/** The record of a class whose text has only moved. */
export function movedRecord(record: ModuleClass, lines: number, definitions: readonly LayerDefinition[]): ModuleClass {
  return {
    ...record,
    range: movedRange(record.range, lines),
    definitions,
    uses: record.uses.map(({ pattern, range }) => ({ pattern, range: movedRange(range, lines) })),
    firstLine: record.firstLine + lines,
  };
}

export function refOf(of: FileClass): ClassRef {
  return { file: of.module.file, className: of.name };
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
