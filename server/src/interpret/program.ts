/** All files that an interpretation looks into, loaded when first asked for, and kept right while they change. */

import { TopLevelWords } from '../syntax/topLevelWords';
import { ChangeLog } from './changeLog';
import { absoluteModule } from './imports';
import { Module, STARRED } from './module';
import { PYTHON_BUILTINS } from './pythonBuiltins';
import type { Reads } from './reads';
import type { Sources } from './sources';
import { isKnownPackage } from './torchNames';
import type { ExternalValue, Value } from './values';

export class Program {
  private readonly modules = new Map<string, Module>();
  private readonly targets = new Map<string, { file: string; name: string } | null>();
  /** Modules that are known to lack some names, and are not looked into beyond that. */
  private readonly unread = new Set<Module>();
  private readonly words = new Map<string, TopLevelWords | null>();
  /** By file and name what `findLacking` told. */
  private readonly lacking = new Map<string, readonly string[] | null>();
  private readonly asking = new Set<string>();
  private recorder: Reads | null = null;
  readonly changes = new ChangeLog();
  /** Count of modules whose code runs at present. */
  runningCodes = 0;

  constructor(readonly sources: Sources) {}

  /** The module of a file; null where it can't be read. */
  module(file: string): Module | null {
    const known = this.modules.get(file);
    if (known !== undefined && !this.unread.has(known)) {
      return known;
    }
    const source = this.sources.source(file);
    if (source === null) {
      return null;
    }
    const module = known ?? this.unreadModule(file);
    this.unread.delete(module);
    module.update(source);
    return module;
  }

  /** A module whose names nobody needs yet. */
  private unreadModule(file: string): Module {
    const module = new Module(this, file, this.sources.moduleName(file));
    this.modules.set(file, module);
    this.unread.add(module);
    return module;
  }

  /** The module of a file that was looked into; null for others. */
  known(file: string): Module | null {
    return this.modules.get(file) ?? null;
  }

  get isRunning(): boolean {
    return this.runningCodes > 0;
  }

  get reading(): Reads | null {
    return this.recorder;
  }

  /** Does work whose questions are noted in `reads`. */
  within<T>(reads: Reads | null, work: () => T): T {
    const outer = this.recorder;
    this.recorder = reads;
    try {
      return work();
    } finally {
      this.recorder = outer;
    }
  }

  /** What a name of a module stands for, followed into the files that it is imported from. Undefined where the module has no such name. */
  read(module: Module, name: string): Value | undefined {
    const raw = module.peek(name);
    if (!module.bindsNow(name)) {
      this.recorder?.note(module, name, raw);
    }
    if (raw === undefined) {
      if (module.running === null || this.recorder?.owner !== module) {
        this.recorder?.note(module, STARRED, module.peek(STARRED));
      }
      return this.starred(module, name);
    }
    return raw.kind === 'external' ? this.follow(raw) : raw;
  }

  /** Follows an imported name into the file that defines it; itself where no file that can be read does. */
  follow(value: ExternalValue): Value {
    const target = this.target(value);
    if (target === null) {
      return value;
    }
    return (
      this.once(`${target.file}#${target.name}`, () => {
        const module = this.module(target.file);
        return module === null ? undefined : this.read(module, target.name);
      }) ?? value
    );
  }

  /** Takes the present text of a file, where the file is looked into at all. Gives the modules that this may have changed. */
  changed(file: string): Set<Module> {
    const affected = new Set<Module>();
    const module = this.modules.get(file);
    this.words.delete(file);
    this.lacking.clear();
    if (module === undefined) {
      return affected;
    }
    this.unread.delete(module);
    const source = this.sources.source(file);
    if (source === null) {
      this.modules.delete(file);
    }
    const open: Module[] = module.update(source) ? [...module.readers] : [];
    affected.add(module);
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (next !== module && !affected.has(next)) {
        affected.add(next);
        if (next.revalidate()) {
          open.push(...next.readers);
        }
      }
    }
    return affected;
  }

  /** Forgets all of the files: one was made or deleted. */
  filesChanged(): void {
    this.forget();
    this.words.clear();
    this.lacking.clear();
  }

  /** Forgets the modules, which are made again when asked for. */
  forget(): void {
    this.modules.clear();
    this.unread.clear();
    this.targets.clear();
    this.lacking.clear();
  }

  private starred(module: Module, name: string): Value | undefined {
    // A star import that brings another `set` or `any` is not believed in: each such name would be looked for in all of them.
    if (name.startsWith('_') || PYTHON_BUILTINS.has(name)) {
      return undefined;
    }
    for (const path of module.starred) {
      const file = isKnownPackage(path) ? null : this.sources.resolve(path, module.file);
      const found =
        file === null || file === module.file || !this.mayHave(file, name)
          ? undefined
          : this.once(`${file}#${name}`, () => {
              const other = this.module(file);
              return other === null ? undefined : this.read(other, name);
            });
      if (found !== undefined) {
        return found;
      }
    }
    return undefined;
  }

  /**
   * False where a file surely has no such name, star imports of its own included. A package may take in hundreds of files with
   * stars, all of which would be looked into for a name that the last of them has.
   */
  private mayHave(file: string, name: string): boolean {
    const key = `${file}#${name}`;
    let lacking = this.lacking.get(key);
    if (lacking === undefined) {
      lacking = this.findLacking(file, name);
      this.lacking.set(key, lacking);
    }
    for (const one of lacking ?? []) {
      this.noteAbsent(one, name);
    }
    return lacking === null;
  }

  /** Files that may change and would have to have the name for a star import to bring it; null where one may have it. */
  private findLacking(file: string, name: string): readonly string[] | null {
    const visited = new Set<string>();
    const open = [file];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const words = visited.has(next) ? null : this.wordsOf(next);
      visited.add(next);
      if (words?.mayExport(name) === true) {
        return null;
      }
      for (const written of words?.starred ?? []) {
        const path = absoluteModule(this.sources, next, written);
        const other = isKnownPackage(path) ? null : this.sources.resolve(path, next);
        if (other !== null) {
          open.push(other);
        }
      }
    }
    return [...visited].filter((one) => this.sources.mayChange(one));
  }

  /** What found that a file lacks a name hangs on that. */
  private noteAbsent(file: string, name: string): void {
    if (this.recorder !== null) {
      const module = this.modules.get(file) ?? this.unreadModule(file);
      this.recorder.note(module, name, module.peek(name));
      this.recorder.note(module, STARRED, module.peek(STARRED));
    }
  }

  private wordsOf(file: string): TopLevelWords | null {
    let words = this.words.get(file);
    if (words === undefined) {
      const text = this.sources.text(file);
      words = text === null ? null : new TopLevelWords(text);
      this.words.set(file, words);
    }
    return words;
  }

  private target(value: ExternalValue): { file: string; name: string } | null {
    const { path, from } = value;
    const dot = path.lastIndexOf('.');
    if (from === null || dot <= 0 || isKnownPackage(path)) {
      return null;
    }
    const key = `${from}|${path}`;
    let target = this.targets.get(key);
    if (target === undefined) {
      const file = this.sources.resolve(path.slice(0, dot), from);
      target = file === null ? null : { file, name: path.slice(dot + 1) };
      this.targets.set(key, target);
    }
    return target;
  }

  /** Two files may import a name from each other. */
  private once(key: string, work: () => Value | undefined): Value | undefined {
    if (this.asking.has(key)) {
      return undefined;
    }
    this.asking.add(key);
    try {
      return work();
    } finally {
      this.asking.delete(key);
    }
  }
}
