/** Maps files: keeps what is known of each, and maps again what a change may have changed. */

import { type Analysis, Analyzer } from '../interpret/analyze';
import { builtBy } from '../interpret/builtBy';
import type { Module } from '../interpret/module';
import { Program } from '../interpret/program';
import type { ClassRef, ParsedFile } from '../model/moduleClass';
import type { PathString } from '../model/pathString';
import { pathStringsOf } from '../syntax/pathStringFile';
import type { SourceFile } from '../syntax/sourceFile';
import type { SourceReader } from '../syntax/sourceReader';
import { foundRecipes } from './foundRecipes';
import { importedNames } from './importedNames';
import { mayHoldModules } from './mayHoldModules';
import type { ModuleResolver } from './moduleResolver';
import { type OuterCode, OwnRecipes } from './ownRecipes';
import { NOTHING, Summarizer } from './summarize';
import { topLevelNames } from './topLevelNames';

export interface World {
  /** Present text of a file: the editor's where it is open there, else the disk's; null where it can't be read. */
  text(file: string): string | null;
  /** True for files that are being edited. */
  isOpen(file: string): boolean;
  /** False for files that nobody edits: those of installed packages. */
  mayChange(file: string): boolean;
  readonly resolver: Pick<ModuleResolver, 'moduleName' | 'resolve' | 'absolute'>;
}

/** What is known of a file from an earlier time, with the files that it hangs on; null where something has changed since. */
export type KeptResults = (
  file: string,
  text: string,
  textOf: (file: string) => string | null,
) => { readonly parsed: ParsedFile; readonly dependencies: readonly string[] } | null;

/** A construction or call of a class, and where it stands. */
export interface PlacedRecipe {
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  readonly expression: string;
  /** True for `Model(args)(inputs)`, false for `Model(args)`. */
  readonly calls: boolean;
}

interface Mapped {
  readonly parsed: ParsedFile;
  /** Files that it hangs on, itself among them. */
  readonly asked: ReadonlySet<string>;
}

export class Mapper {
  private readonly program: Program;
  private readonly sources = new Map<string, SourceFile>();
  private readonly analyzers = new Map<Module, { analyzer: Analyzer; summarizer: Summarizer }>();
  private readonly mapped = new Map<string, Mapped>();
  private readonly ownRecipes = new OwnRecipes();
  /** Files that were mapped from their text. */
  private readonly worked = new Set<string>();
  /** Counts what makes the work under way begin again. */
  private changes = 0;

  constructor(
    private readonly reader: SourceReader,
    private readonly world: World,
    private readonly kept: KeptResults = () => null,
  ) {
    const { resolver } = world;
    this.program = new Program({
      source: (file) => this.source(file),
      text: (file) => this.textOf(file),
      mayChange: (file) => world.mayChange(file),
      moduleName: (file) => resolver.moduleName(file),
      resolve: (module, from) => resolver.resolve(module, from),
      absolute: (level, module, from) => resolver.absolute(level, module, from),
    });
  }

  /** Null where the file can't be read. */
  map(file: string): ParsedFile | null {
    const steps = this.mapping(file);
    for (let step = steps.next(); ; step = steps.next()) {
      if (step.done === true) {
        return step.value;
      }
    }
  }

  /** The same in small steps, between which other work can be done. What changes in between is in the result. */
  *mapping(file: string): Generator<void, ParsedFile | null> {
    const known = this.mapped.get(file);
    if (known !== undefined) {
      return known.parsed;
    }
    const text = this.textOf(file);
    if (text === null) {
      return null;
    }
    // What was worked out before tells faster whether there is anything.
    if (!this.worked.has(file) && !mayHoldModules(text)) {
      return this.withoutClasses(file);
    }
    const kept = this.sources.has(file) ? null : this.kept(file, text, (other) => this.textOf(other));
    if (kept !== null) {
      this.mapped.set(file, { parsed: kept.parsed, asked: new Set([file, ...kept.dependencies]) });
      return kept.parsed;
    }
    const module = this.program.module(file);
    if (module === null) {
      return null;
    }
    yield;
    let work = this.analyzers.get(module);
    if (work === undefined) {
      work = { analyzer: new Analyzer(module), summarizer: new Summarizer(module) };
      this.analyzers.set(module, work);
    }
    const { changes } = this;
    const analysis: Analysis = yield* work.analyzer.analyze();
    if (changes !== this.changes) {
      // Something that it hangs on may be another by now; what still holds is not worked out again.
      return yield* this.mapping(file);
    }
    this.worked.add(file);
    const parsed = work.summarizer.summarize(analysis);
    if (parsed.classes.length === 0 && !mayHoldModules(text)) {
      return this.withoutClasses(file);
    }
    this.mapped.set(file, { parsed, asked: new Set([file, ...[...analysis.asked].map((one) => one.file)]) });
    return parsed;
  }

  /** Strings of a file that name layers. */
  pathStrings(file: string): readonly PathString[] {
    const source = this.source(file);
    return source === null ? [] : pathStringsOf(source);
  }

  /** Module classes that a call in a file builds; `called` is its dotted name. */
  builtBy(file: string, called: string): readonly ClassRef[] {
    const module = this.program.module(file);
    const built = module === null ? [] : builtBy(module, called);
    return built.map((one) => ({ file: one.module.file, className: one.name }));
  }

  /**
   * Constructions and calls of a class in its own file and in others, in the order of the files. Of files that don't import it, nothing.
   * `others` are read as they are asked for, so that the caller can end it.
   */
  *recipesOf(ref: ClassRef, others: Iterable<string>): Generator<PlacedRecipe> {
    const own = this.source(ref.file);
    if (own === null || ref.className.includes('.')) {
      return;
    }
    const known = topLevelNames(own);
    for (const file of new Set([ref.file, ...others])) {
      const source = file === ref.file ? own : this.mentioning(file, ref.className);
      const imported =
        source === null || file === ref.file
          ? null
          : importedNames(source, known, (name) => this.leads(name, file, ref.file));
      if (source !== null && imported?.size !== 0) {
        for (const one of foundRecipes(source, { className: ref.className, known, imported })) {
          yield { file, ...one };
        }
      }
    }
  }

  /** What `recipesOf` finds in the class's own file; cheap to ask again. */
  ownRecipesOf(ref: ClassRef): readonly PlacedRecipe[] {
    const code = this.outerCode(ref.file);
    return code === null ? [] : this.ownRecipes.of(code, ref.className, () => this.recipesOf(ref, []));
  }

  /** What `ownRecipesOf` hangs on; null where the file can't be read. */
  outerCode(file: string): OuterCode | null {
    const source = this.source(file);
    return source === null ? null : this.ownRecipes.outerCode(file, source);
  }

  /** Files that what is known of this one hangs on. */
  dependencies(file: string): string[] {
    return [...(this.mapped.get(file)?.asked ?? [])];
  }

  /** The text of a file that is mapped, or would be; null where it can't be read. */
  textOf(file: string): string | null {
    return this.sources.get(file)?.text ?? this.world.text(file);
  }

  /** Says that the text of a file has changed. Gives the files that have to be mapped again. */
  changed(file: string): string[] {
    this.changes += 1;
    const text = this.world.text(file);
    const before = this.sources.get(file);
    if (text === null) {
      this.sources.delete(file);
    } else {
      this.sources.set(file, this.reader.read(text, before));
    }
    this.program.changed(file);
    const gone = [...this.mapped].flatMap(([name, one]) => (one.asked.has(file) ? [name] : []));
    for (const name of gone) {
      this.mapped.delete(name);
    }
    return gone;
  }

  /** Says that files were made or deleted: what imports lead to may have changed everywhere. */
  filesChanged(): void {
    this.changes += 1;
    this.program.filesChanged();
    this.analyzers.clear();
    this.mapped.clear();
  }

  /** Frees what is only needed to map a file again, where nobody edits it. */
  rest(file: string): void {
    const module = this.world.isOpen(file) ? null : this.program.known(file);
    if (module !== null) {
      this.analyzers.delete(module);
      this.worked.delete(file);
      for (const { unit } of module.source.units) {
        unit.release();
      }
    }
  }

  /** Frees what only makes mapping again faster; what is known of files stays. */
  trim(): void {
    this.changes += 1;
    this.program.forget();
    this.analyzers.clear();
    this.sources.clear();
    this.ownRecipes.forget();
  }

  /** Length of all texts that are held in memory for mapping others. */
  get size(): number {
    let size = 0;
    for (const { text } of this.sources.values()) {
      size += text.length;
    }
    return size;
  }

  /** The file where its text names the class. */
  private mentioning(file: string, className: string): SourceFile | null {
    const text = this.textOf(file);
    return text?.includes(className) === true ? (this.sources.get(file) ?? this.reader.read(text)) : null;
  }

  /** Whether an import leads to a file, or to a package that it is in. */
  private leads(module: string, from: string, to: string): boolean {
    const { resolver } = this.world;
    const level = /^\.*/.exec(module)?.[0].length ?? 0;
    const absolute = level === 0 ? module : resolver.absolute(level, module.slice(level), from);
    const file = absolute === null ? null : resolver.resolve(absolute, from);
    return (
      file === to || (file !== null && /__init__\.py$/.test(file) && to.startsWith(file.replace(/__init__\.py$/, '')))
    );
  }

  private withoutClasses(file: string): ParsedFile {
    this.mapped.set(file, { parsed: NOTHING, asked: new Set([file]) });
    return NOTHING;
  }

  private source(file: string): SourceFile | null {
    const known = this.sources.get(file);
    if (known !== undefined) {
      return known;
    }
    const text = this.world.text(file);
    if (text === null) {
      return null;
    }
    const source = this.reader.read(text);
    this.sources.set(file, source);
    return source;
  }
}
