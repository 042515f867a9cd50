/** What is known of one file, as plain records. */

import type { Analysis } from '../interpret/analyze';
import type { Found } from '../interpret/collect';
import type { FileClass } from '../interpret/fileClass';
import type { Module } from '../interpret/module';
import { buildsWithoutArguments } from '../interpret/plainClasses';
import type { FunctionRun } from '../interpret/runs';
import { sameItems } from '../interpret/sameItems';
import type { FunctionValue } from '../interpret/values';
import type { Factory, FarDefinition, ModuleClass, ParsedFile, PlainClass } from '../model/moduleClass';
import { type DirectiveClass, directivesIn } from '../syntax/directives';
import { rangeIn } from '../syntax/lineIndex';
import { ClassNames } from './classNames';
import { classRecord, movedRecord, refOf } from './classRecord';
import { Ownership } from './ownership';
import { type Placed, Placing } from './placing';

export const NOTHING: ParsedFile = {
  classes: [],
  directives: [],
  factories: [],
  plainClasses: [],
  farDefinitions: [],
};

const NO_FOUND: readonly Found[] = [];

/** A record with what it was made of: where all of that is the same as the last time, so is the record. */
interface Known {
  readonly record: ModuleClass;
  readonly line: number;
  readonly names: ClassNames;
  readonly instance: unknown;
  readonly placed: Placed | undefined;
  readonly found: readonly (readonly Found[])[];
}

/** The records of one file, one version after another. */
export class Summarizer {
  private readonly ownership = new Ownership();
  private readonly placing: Placing;
  private names = new ClassNames([]);
  private records = new Map<FileClass, Known>();
  private readonly far = new WeakMap<Placed, readonly FarDefinition[]>();
  private readonly factories = new WeakMap<
    FunctionRun,
    { line: number; names: ClassNames; found: readonly Factory[] }
  >();

  constructor(private readonly module: Module) {
    this.placing = new Placing(module.file);
  }

  summarize(analysis: Analysis): ParsedFile {
    const { facts } = analysis;
    const { module } = this;
    const found = this.ownership.of(analysis);
    const placed = new Map([...found].map(([of, all]) => [of, this.placing.of(all)] as const));
    const shown = analysis.classes.filter((of) => facts.isModule(of) || (placed.get(of)?.here.length ?? 0) > 0);
    const names = shown.map((of) => of.name);
    if (!sameItems(names, this.names.names)) {
      this.names = new ClassNames(names);
    }
    const records = new Map(shown.map((of) => [of, this.record(analysis, of, placed.get(of), found)] as const));
    this.records = records;
    return {
      classes: [...records.values()].map((one) => one.record),
      directives: module.source.comments.length === 0 ? [] : directivesIn(module.source, placesOf(analysis)),
      factories: [...analysis.functions].flatMap(([value, run]) => this.factory(value, run)),
      plainClasses: this.plainClasses(analysis, records),
      farDefinitions: [...placed].flatMap(([of, all]) => this.farOf(of, all)),
    };
  }

  /** Those that constructors of the file's module classes ask for. */
  private plainClasses(analysis: Analysis, records: ReadonlyMap<FileClass, Known>): PlainClass[] {
    const others = analysis.classes.filter((of) => !records.has(of));
    if (others.length === 0) {
      return [];
    }
    const asked = new Set<string>();
    const annotations = new Set<string>();
    for (const { record } of records.values()) {
      for (const { annotation } of record.constructorParameters ?? []) {
        // The same few annotations come again and again.
        if (annotation !== null && !annotations.has(annotation)) {
          annotations.add(annotation);
          for (const [word] of annotation.matchAll(/[\p{L}_][\p{L}\p{N}_]*/gu)) {
            asked.add(word);
          }
        }
      }
    }
    return others
      .filter((of) => asked.has(of.name.slice(of.name.lastIndexOf('.') + 1)))
      .map((of): PlainClass => ({ name: of.name, buildsWithoutArguments: buildsWithoutArguments(analysis.facts, of) }));
  }

  private record(
    analysis: Analysis,
    of: FileClass,
    placed: Placed | undefined,
    allFound: ReadonlyMap<FileClass, readonly Found[]>,
  ): Known {
    const { names } = this;
    const { line } = this.module.placeOf(of.unit);
    const instance = analysis.instances.get(of);
    const found = analysis.facts.lineage(of).map((one) => allFound.get(one) ?? NO_FOUND);
    const before = this.records.get(of);
    const isSame =
      before !== undefined && before.names === names && before.instance === instance && sameItems(before.found, found);
    if (isSame && before.line === line && before.placed === placed) {
      return before;
    }
    const definitions = placed?.here ?? [];
    const record = isSame
      ? movedRecord(before.record, line - before.line, definitions)
      : classRecord(analysis, of, { found, definitions, names });
    return { record, line, names, instance, placed, found };
  }

  private farOf(of: FileClass, placed: Placed): readonly FarDefinition[] {
    if (of.module === this.module && placed.here.length === placed.all.length) {
      return [];
    }
    let far = this.far.get(placed);
    if (far === undefined) {
      far = placed.all.flatMap(({ file, definition }) =>
        of.module === this.module && file === this.module.file ? [] : [{ file, owner: refOf(of), definition }],
      );
      this.far.set(placed, far);
    }
    return far;
  }

  private factory(value: FunctionValue, run: FunctionRun): readonly Factory[] {
    const { module, names } = this;
    const line = value.unit === null ? 0 : module.placeOf(value.unit).line;
    const before = this.factories.get(run);
    if (before?.line === line && before.names === names) {
      return before.found;
    }
    const [className] = run.returned.flatMap((of) => (of.module === module ? [of.name] : []));
    // Only where it returns a model the function itself is looked into.
    const found = className === undefined ? [] : factory(value, className, module, names);
    this.factories.set(run, { line, names, found });
    return found;
  }
}

function factory({ node }: FunctionValue, className: string, module: Module, names: ClassNames): readonly Factory[] {
  const isCallable = node?.parameters.every(
    (one) => one.defaultValue !== null || one.kind === 'variadic' || one.kind === 'keywordVariadic',
  );
  if (node === null || isCallable !== true) {
    return [];
  }
  const { line } = rangeIn(module.placeOf(node.unit), node.start, node.start);
  return [{ name: node.name, className, mentions: names.mentionedIn(node, null), line }];
}

function placesOf({ module, classes }: Analysis): DirectiveClass[] {
  return classes.map((of) => {
    const { start } = module.placeOf(of.unit);
    const { node } = of;
    return {
      name: of.name,
      start: start + node.start,
      outerStart: start + node.outerStart,
      headerEnd: start + node.headerEnd,
    };
  });
}
