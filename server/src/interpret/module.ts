/** The names of one file and their values, kept right while the file, or what it imports, changes. */

import { NO_FILE, type SourceFile } from '../syntax/sourceFile';
import type { PlacedUnit, Unit } from '../syntax/unit';
import { editedUnits } from './editedUnits';
import type { FileClass } from './fileClass';
import { type CodeRun, runCode } from './moduleCode';
import { Names } from './names';
import type { Program } from './program';
import type { Reads } from './reads';
import { unitClass, unitFunction } from './unitValues';
import { type Scope, same, type Value } from './values';

/** Values that keep changing each other settle, or are left, after so many rounds. */
const MAX_ROUNDS = 6;

/** A name that no program can have, for whether the file has to do with PyTorch. */
export const MENTIONS_TORCH = '#torch';
/** Another, for the packages of its star imports: they may give any name that it does not have itself. */
export const STARRED = '#starred';
const YES: Value = { kind: 'constant', value: true };

export class Module {
  readonly scope: Scope;
  /** Modules whose results hang on names of this one. */
  readonly readers = new Set<Module>();
  source: SourceFile = NO_FILE;
  private readonly definitions = new Map<Unit, Value>();
  private places = new Map<Unit, PlacedUnit>();
  private code: CodeRun | null = null;
  /** The code that runs at present, with the names it has given so far. */
  running: Set<string> | null = null;
  private mentionsTorch = false;

  constructor(
    readonly program: Program,
    readonly file: string,
    /** Dotted. */
    readonly name: string,
  ) {
    this.scope = { names: new Names(), parent: null, module: this };
  }

  /** Classes of the file that can be seen without running functions, in no order. */
  get classes(): readonly FileClass[] {
    this.classesNow ??= this.findClasses();
    return this.classesNow;
  }
  private classesNow: readonly FileClass[] | null = null;

  private findClasses(): FileClass[] {
    const own = [...this.definitions.values()].flatMap((value) =>
      value.kind === 'class' && value.of !== null ? [value.of] : [],
    );
    return [...own.flatMap((one) => [one, ...one.inner]), ...(this.code?.classes ?? [])];
  }

  /** Packages whose names were imported with a star; absolute. */
  get starred(): readonly string[] {
    return this.code?.starred ?? this.starredSoFar;
  }
  starredSoFar: string[] = [];

  /** What the module's own code did beside giving names. */
  get ran(): CodeRun | null {
    return this.code;
  }

  /** The value of a name as it stands in this file: an imported one is not followed. */
  peek(name: string): Value | undefined {
    if (name === STARRED) {
      return { kind: 'constant', value: this.starred.join(' ') };
    }
    return name === MENTIONS_TORCH ? (this.mentionsTorch ? YES : undefined) : this.scope.names.get(name);
  }

  /** True for names that the module's code gives while it runs: they are no questions to others. */
  bindsNow(name: string): boolean {
    return this.running?.has(name) === true;
  }

  /** Where a unit stands in the file. */
  placeOf(unit: Unit): PlacedUnit {
    return this.places.get(unit) ?? { unit, start: 0, line: 1, column: 1 };
  }

  /** Adds all modules that the names of this one hang on. */
  addAsked(to: Set<Module>): void {
    const add = (reads: Reads | undefined): void => {
      for (const module of reads?.modules ?? []) {
        to.add(module);
      }
    };
    add(this.code?.reads);
    for (const one of this.classes) {
      add(readsOf(one));
    }
  }

  /** Takes a new text, null for none. True where a name has another value now. */
  update(source: SourceFile | null): boolean {
    const former = this.source;
    this.source = source ?? NO_FILE;
    const mentionsTorch = /torch|\bnn\b|tensor/i.test(this.source.text);
    if (mentionsTorch !== this.mentionsTorch) {
      this.mentionsTorch = mentionsTorch;
      this.program.changes.note(this, MENTIONS_TORCH);
    }
    const before = this.places;
    this.places = new Map();
    for (const placed of this.source.units) {
      this.places.set(placed.unit, placed);
      if (!before.has(placed.unit)) {
        homes.set(placed.unit, this);
      }
    }
    return this.replaceUnits(former) ?? this.settle();
  }

  /** Where only classes and functions were edited, each in its place, only their names get new values; null where more changed. */
  private replaceUnits(former: SourceFile): boolean | null {
    const { names } = this.scope;
    const edited = editedUnits(former, this.source);
    const isPlain =
      edited !== null &&
      this.code !== null &&
      edited.every(([before]) => {
        const value = this.definitions.get(before);
        return (
          value !== undefined &&
          names.get(before.name) === value &&
          [...this.shadowed.keys()].every((one) => one.name !== before.name)
        );
      });
    if (!isPlain) {
      return null;
    }
    this.classesNow = null;
    for (const [before, now] of edited) {
      this.definitions.delete(before);
      names.set(now.name, this.definitionOf(now));
      this.program.changes.note(this, now.name);
    }
    const isSettled = this.codeHolds() && !this.replaceInvalid();
    return (isSettled ? false : this.settle()) || edited.length > 0;
  }

  /** Looks whether what this module read is still so. True where a name has another value now. */
  revalidate(): boolean {
    return this.settle();
  }

  private settle(): boolean {
    this.classesNow = null;
    const before = new Map(this.scope.names);
    for (const unit of this.definitions.keys()) {
      if (!this.places.has(unit)) {
        this.definitions.delete(unit);
      }
    }
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      this.define();
      if (!this.replaceInvalid()) {
        break;
      }
    }
    const { names } = this.scope;
    if (before.size !== names.size) {
      return true;
    }
    for (const [name, value] of names) {
      if (before.get(name) !== value) {
        return true;
      }
    }
    return false;
  }

  /** Gives all names their values, in the order of the source. */
  private define(): void {
    const { names } = this.scope;
    const before = new Map(names);
    const starred = this.peek(STARRED);
    if (!this.codeHolds()) {
      names.clear();
      for (const { unit } of this.source.units) {
        if (unit.kind !== 'code') {
          names.set(unit.name, this.definitionOf(unit));
        }
      }
      this.code = null;
      this.starredSoFar = [];
      this.code = runCode(
        this,
        this.source.units.map((one) => one.unit),
      );
    }
    const shadowed = new Map<Unit, Value>();
    names.clear();
    for (const { unit } of this.source.units) {
      if (unit.kind === 'code') {
        for (const [name, value] of this.code?.bindings.get(unit) ?? []) {
          names.set(name, value);
        }
      } else {
        const earlier = names.get(unit.name);
        if (earlier !== undefined) {
          shadowed.set(unit, earlier);
        }
        names.set(unit.name, this.definitionOf(unit));
      }
    }
    this.shadowed = shadowed;
    this.classesNow = null;
    this.noteChanges(before, starred);
  }
  private shadowed: ReadonlyMap<Unit, Value> = new Map();

  /** True where the module's code is as it ran, and what it read is still so. */
  private codeHolds(): boolean {
    if (this.code === null) {
      return false;
    }
    let index = 0;
    for (const { unit } of this.source.units) {
      if (unit.kind === 'code') {
        if (this.code.units[index] !== unit) {
          return false;
        }
        index += 1;
      }
    }
    return index === this.code.units.length && this.code.reads.hold();
  }

  /** Another number where the module has other names, whatever their values. */
  nameSet = 0;

  private noteChanges(before: ReadonlyMap<string, Value>, starred: Value | undefined): void {
    const { program } = this;
    const { names } = this.scope;
    for (const [name, value] of names) {
      const former = before.get(name);
      if (former !== value) {
        program.changes.note(this, name);
        this.nameSet += former === undefined ? 1 : 0;
      }
    }
    for (const name of before.keys()) {
      if (!names.has(name)) {
        program.changes.note(this, name);
        this.nameSet += 1;
      }
    }
    const now = this.peek(STARRED);
    if (starred === undefined || now === undefined || !same(starred, now)) {
      program.changes.note(this, STARRED);
    }
  }

  /** What the class's name meant before its statement: `class Block(Block)`. */
  earlierValue(unit: Unit): Value | undefined {
    return this.shadowed.get(unit);
  }

  private definitionOf(unit: Unit): Value {
    const known = this.definitions.get(unit);
    if (known !== undefined) {
      return known;
    }
    const value = unit.kind === 'class' ? unitClass(this, unit) : unitFunction(this, unit);
    this.definitions.set(unit, value);
    return value;
  }

  /** Classes whose bases or attributes would come out otherwise now are made anew. */
  private replaceInvalid(): boolean {
    let replaced = false;
    for (const [unit, value] of this.definitions) {
      if (value.kind === 'class' && value.of !== null && readsOf(value.of)?.hold() === false) {
        this.definitions.set(unit, unitClass(this, unit));
        this.classesNow = null;
        replaced = true;
      }
    }
    return replaced;
  }
}

const homes = new WeakMap<Unit, Module>();

/** The module in whose file a unit stands. */
export function homeOf(unit: Unit): Module | null {
  return homes.get(unit) ?? null;
}

const readsByClass = new WeakMap<FileClass, Reads>();

/** What the statement of a class asked of names; undefined for classes that other work defined, whose reads are that work's. */
export function readsOf(of: FileClass): Reads | undefined {
  return readsByClass.get(of);
}

export function noteReads(of: FileClass, reads: Reads): void {
  readsByClass.set(of, reads);
}
