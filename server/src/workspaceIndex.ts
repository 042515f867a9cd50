/** Maps all Python files of the workspace in the background, and again what a change may have changed. */

import { setImmediate as nextTurn } from 'node:timers/promises';
import type { IndexCache } from './indexCache';
import type { KnownModel } from './model/knownModel';
import type { ClassRef, FarDefinition, ParsedFile } from './model/moduleClass';
import { likelyFirst } from './recipe/workspaceRecipes';
import { ClassGraph } from './source/classGraph';
import { FarDefinitions } from './source/farDefinitions';
import { knownModel } from './source/knownModel';
import type { Mapper, PlacedRecipe } from './source/mapper';
import type { OuterCode } from './source/ownRecipes';
import { inheritStructure, structureOf } from './source/structure';
import { NOTHING } from './source/summarize';
import { findPythonFiles } from './workspace/pythonFiles';

/** Milliseconds of work after which others get their turn, and of quiet before work begins. */
const SLICE = 12;
const QUIET = 400;
/** Length of the texts held in memory at most: beyond, the mapper begins anew. */
const MAX_TEXT = 12_000_000;
/** Files of installed packages that are mapped at most. */
const MAX_LIBRARIES = 400;
/** Milliseconds between two times that the results are kept on the disk. */
const SAVE = 60_000;

export class WorkspaceIndex {
  /** What is known of each file. */
  readonly files = new Map<string, ParsedFile>();
  private readonly dirty = new Set<string>();
  /** Files of packages that classes of the workspace come from or use. */
  private readonly libraries = new Set<string>();
  private graphNow: ClassGraph | null = null;
  private formerGraph: ClassGraph | null = null;
  private readonly far = new FarDefinitions();
  private modelsNow: readonly KnownModel[] | null = null;
  private running: Promise<void> | null = null;
  private timer: NodeJS.Timeout | null = null;
  private saveTimer: NodeJS.Timeout | null = null;
  private savedAt = Number.NEGATIVE_INFINITY;
  private disposed = false;
  /** Keeps results for the next start; null where there is no place for them. */
  cache: IndexCache | null = null;

  /** `onChanged` is told when more is known than before. */
  constructor(
    private readonly mapper: () => Mapper | null,
    private readonly onChanged: () => void,
    private readonly log: (message: string) => void,
    private readonly searchPaths: () => readonly string[] = () => [],
  ) {}

  /** Looks for the files of the folders and maps them. */
  async start(folders: readonly string[]): Promise<void> {
    const onLimit = (limit: number): void =>
      this.log(
        `The workspace has more than ${limit} Python files; layers of the others are known once they are opened.`,
      );
    const found = new Set<string>();
    for await (const file of findPythonFiles(folders, { onLimit }, () => nextTurn())) {
      found.add(file);
      this.dirty.add(file);
    }
    for (const file of this.files.keys()) {
      if (!found.has(file) && !this.libraries.has(file)) {
        this.remove(file);
      }
    }
    this.cache?.setWorld(this.searchPaths());
    await this.work();
  }

  /** Takes what is known of a file, where it was mapped for another purpose. */
  set(file: string, parsed: ParsedFile): void {
    this.replace(file, parsed);
    this.dirty.delete(file);
  }

  /** Says that files have to be mapped again. */
  invalidate(files: readonly string[]): void {
    for (const file of files) {
      if (this.files.has(file)) {
        this.dirty.add(file);
      }
    }
    this.cache?.textsChanged();
    this.later();
  }

  /** Says that a file was made, changed on the disk or deleted. */
  touch(file: string, deleted: boolean): void {
    if (deleted) {
      this.remove(file);
      this.dirty.delete(file);
    } else {
      this.dirty.add(file);
    }
    this.cache?.textsChanged();
    this.later();
  }

  /** All models that the workspace's own files write. */
  get models(): readonly KnownModel[] {
    this.modelsNow ??= this.graph.models
      .filter((one) => !this.libraries.has(one.file))
      .map((one) => knownModel(this.graph, one));
    return this.modelsNow;
  }

  /** The models that a call in a file builds; null where that is not known, or not known yet. */
  modelsBuiltBy(file: string, called: string): readonly KnownModel[] | null {
    const built = this.mapper()?.builtBy(file, called) ?? [];
    this.want(built);
    return built.length === 0 || !built.every((one) => this.graph.has(one))
      ? null
      : built.map((one) => knownModel(this.graph, one));
  }

  /** Constructions and calls of a class in the workspace's own files; files are read as the results are taken. */
  recipesOf(ref: ClassRef): Iterable<PlacedRecipe> {
    const own = [...this.files.keys()].filter((file) => !this.libraries.has(file));
    return this.mapper()?.recipesOf(ref, likelyFirst(own, ref.file)) ?? [];
  }

  /** The same in the class's own file alone; cheap to ask again. */
  ownRecipesOf(ref: ClassRef): readonly PlacedRecipe[] {
    return this.mapper()?.ownRecipesOf(ref) ?? [];
  }

  /** What `ownRecipesOf` hangs on: the same object as long as that is the same. */
  outerCode(file: string): OuterCode | null {
    return this.mapper()?.outerCode(file) ?? null;
  }

  get graph(): ClassGraph {
    this.graphNow ??= new ClassGraph(this.files, this.far, this.formerGraph);
    this.formerGraph = null;
    return this.graphNow;
  }

  /** What other files know of a file: definitions that stand in it. */
  farDefinitionsIn(file: string): readonly FarDefinition[] {
    return this.far.in(file);
  }

  parsed(ref: ClassRef): ParsedFile | null {
    return this.files.get(ref.file) ?? null;
  }

  /** Resolves when all that is known to be there is mapped. */
  async settled(): Promise<void> {
    while (this.running !== null || this.dirty.size > 0) {
      await this.work();
    }
  }

  dispose(): void {
    this.disposed = true;
    if (this.timer !== null) {
      clearTimeout(this.timer);
    }
    if (this.saveTimer !== null) {
      clearTimeout(this.saveTimer);
    }
  }

  /** Takes what is known of a file now. True where it is something else than before. */
  private replace(file: string, parsed: ParsedFile): boolean {
    const before = this.files.get(file);
    if (before === parsed) {
      return false;
    }
    this.files.set(file, parsed);
    this.far.set(file, parsed.farDefinitions);
    this.modelsNow = null;
    if (before !== undefined) {
      inheritStructure(before, parsed);
    }
    if (before === undefined || structureOf(before) !== structureOf(parsed)) {
      this.forgetGraph();
    }
    return true;
  }

  private forgetGraph(): void {
    this.formerGraph = this.graphNow ?? this.formerGraph;
    this.graphNow = null;
  }

  private remove(file: string): boolean {
    this.far.set(file, []);
    this.forgetGraph();
    this.modelsNow = null;
    return this.files.delete(file);
  }

  private later(): void {
    if (this.timer !== null) {
      clearTimeout(this.timer);
    }
    this.timer = setTimeout(() => void this.work(), QUIET);
  }

  private work(): Promise<void> {
    this.running ??= this.mapDirty().finally(() => {
      this.running = null;
    });
    return this.running;
  }

  private async mapDirty(): Promise<void> {
    let changed = false;
    let since = performance.now();
    const others = async (): Promise<void> => {
      if (performance.now() - since > SLICE) {
        await nextTurn();
        since = performance.now();
      }
    };
    for (const file of this.dirty) {
      const mapper = this.mapper();
      if (mapper === null || this.disposed) {
        return;
      }
      this.dirty.delete(file);
      const steps = mapper.mapping(file);
      let step = steps.next();
      while (step.done !== true) {
        await others();
        // What was changed meanwhile is mapped from its beginning.
        if (this.dirty.has(file)) {
          break;
        }
        step = steps.next();
      }
      if (step.done === true) {
        changed = this.take(file, step.value) || changed;
        this.keep(mapper, file, step.value);
        mapper.rest(file);
      }
      if (mapper.size > MAX_TEXT) {
        mapper.trim();
      }
      await others();
    }
    if (changed) {
      this.onChanged();
    }
    this.save();
  }

  private keep(mapper: Mapper, file: string, parsed: ParsedFile | null): void {
    const dependencies = mapper.dependencies(file);
    const text = parsed === null || parsed === NOTHING || this.cache === null ? null : mapper.textOf(file);
    if (parsed !== null && text !== null) {
      this.cache?.set(file, text, { parsed, dependencies }, (other) => mapper.textOf(other));
    }
  }

  /** Now where nothing was kept lately, else after a while. */
  private save(): void {
    if (this.cache === null || this.saveTimer !== null || this.disposed) {
      return;
    }
    const wait = Math.max(0, this.savedAt + SAVE - performance.now());
    this.saveTimer = setTimeout(() => {
      this.saveTimer = null;
      this.savedAt = performance.now();
      void this.cache?.save();
    }, wait);
  }

  /** Sees to it that the files of classes are mapped too, where they are not the workspace's. */
  private want(classes: readonly ClassRef[]): void {
    for (const { file } of classes) {
      if (!this.files.has(file) && !this.dirty.has(file) && this.libraries.size < MAX_LIBRARIES) {
        this.libraries.add(file);
        this.dirty.add(file);
        this.later();
      }
    }
  }

  private take(file: string, parsed: ParsedFile | null): boolean {
    if (parsed === null) {
      return this.remove(file);
    }
    if (!this.replace(file, parsed)) {
      return false;
    }
    this.want(parsed.classes.flatMap((one) => [...one.farLineage, ...one.farParts]));
    return true;
  }
}
