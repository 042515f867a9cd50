/** What the abstract interpreter knows of a Python value. Places where it knows nothing hold `unknown`. */

import type { Expression, FormalParameter, FunctionNode, Span, Statement } from '../syntax/python/ast';
import type { Unit } from '../syntax/unit';
import type { FileClass } from './fileClass';
import type { Module } from './module';
import { Names } from './names';

export type Value =
  | { readonly kind: 'unknown' }
  /** `number`, `string`, `boolean` and `None` known exactly. */
  | { readonly kind: 'constant'; readonly value: number | string | boolean | null }
  /** A string known but for the places of `*`. */
  | { readonly kind: 'text'; readonly pattern: string }
  | ListValue
  | DictionaryValue
  | ModuleValue
  | ClassValue
  | FunctionValue
  /** A bound method. */
  | { readonly kind: 'method'; readonly self: Value; readonly owner: FileClass; readonly node: FunctionNode }
  /** `super()`. */
  | { readonly kind: 'super'; readonly self: Value; readonly after: FileClass; readonly of: FileClass }
  /** A name of a package: `torch.nn.Conv2d`. */
  | ExternalValue
  /** A method of a value that the interpreter implements itself: `layers.append`. */
  | { readonly kind: 'builtinMethod'; readonly self: Value; readonly name: string }
  | { readonly kind: 'partial'; readonly callee: Value; readonly args: readonly ArgumentValue[] }
  /** An instance of a class that is no module. */
  | { readonly kind: 'instance'; readonly of: FileClass }
  /** A parameter without known argument, and what is read from it; or what a call gives that nothing is known of. */
  | { readonly kind: 'parameter'; readonly name: string; readonly isResult?: boolean }
  | { readonly kind: 'union'; readonly options: readonly Value[] };

export interface ExternalValue {
  readonly kind: 'external';
  /** Absolute dotted name. */
  readonly path: string;
  /** The file that imports it; null for Python's own names. It may be found in a file as seen from there. */
  readonly from: string | null;
}

export interface ArgumentValue {
  readonly name: string | null;
  readonly stars: 0 | 1 | 2;
  readonly value: Value;
  /** Where the argument is written, and what calls make it. */
  readonly expression: Expression;
}

/** Where a value entered a container or an attribute. */
export interface Site {
  readonly span: Span;
  /** Where the span counts from; null where nobody saw it. */
  readonly unit: Unit | null;
  /** The expression that gives the value, null where none stands there. */
  readonly expression: Expression | null;
  /** The class whose code it is; null in functions and on module level. */
  readonly owner: FileClass | null;
  /** Body of the function whose code it is. */
  readonly code: unknown;
}

export interface Item {
  /** Index, `*` where it is not known. */
  readonly key: number | '*';
  readonly value: Value;
  readonly site: Site;
  readonly certain: boolean;
  /** True where it was taken out of a module that holds it, by code that may be another than what put it there. */
  readonly taken?: boolean;
}

/** A list, tuple or what can be iterated like one. Its identity counts: several names may share it. */
export interface ListValue {
  readonly kind: 'list';
  readonly items: Item[];
  /** Index of the next appended item; null where it is not known. */
  next: number | null;
}

export interface DictionaryEntry {
  /** The key: a string that may hold `*`, or another value. */
  readonly key: Value;
  readonly value: Value;
  readonly site: Site;
  readonly certain: boolean;
}

export interface DictionaryValue {
  readonly kind: 'dictionary';
  readonly entries: DictionaryEntry[];
}

/** How sure it is that a value is a module: by its class; by its looks; only where the source uses it like one; only where it calls it. */
export type Plausibility = 'sure' | 'maybe' | 'weak' | 'weakest';

export interface Registration {
  /** Attribute or item name; may hold `*`. */
  readonly name: string;
  readonly child: ModuleValue;
  readonly site: Site;
  certain: boolean;
  /** True where the registration itself stands elsewhere: `self.features` of a base that is not in the file. */
  readonly elsewhere?: boolean;
}

export interface ModuleValue {
  readonly kind: 'module';
  /** The class whose statement can be seen, of which it is an instance. */
  readonly of: FileClass | null;
  /** Dotted name of a class or function that can't be seen; null where nothing is known. */
  readonly external: string | null;
  readonly plausibility: Plausibility;
  readonly registrations: Registration[];
  /** Attributes that are no registrations as well. */
  readonly attributes: Map<string, Value>;
  /** Next index where it is a container; null where not known. */
  next: number | null;
  /** The statements that gave it, in the code that built it and in what called that, and whether they surely run. */
  readonly made: { readonly site: Site; readonly certain: boolean }[];
}

export type ClassValue =
  | { readonly kind: 'class'; readonly of: FileClass; readonly external: null }
  /** A module class of PyTorch or one only known from an annotation. */
  | { readonly kind: 'class'; readonly of: null; readonly external: string };

export interface FunctionValue {
  readonly kind: 'function';
  readonly name: string;
  readonly parameters: readonly FormalParameter[];
  readonly body: readonly Statement[] | Expression;
  /** Names visible inside. */
  readonly scope: Scope;
  /** The class whose code it is. */
  readonly owner: FileClass | null;
  readonly node: FunctionNode | null;
  readonly unit: Unit | null;
}

/** Names and their values; looked up outwards. The outermost is that of a module. */
export interface Scope {
  readonly names: Names;
  readonly parent: Scope | null;
  /** Set on the scope of a module: it answers for its names. */
  readonly module: Module | null;
}

export function innerScope(parent: Scope): Scope {
  return { names: new Names(), parent, module: null };
}

/** The module whose names are outermost. */
export function moduleOf(scope: Scope): Module | null {
  let at: Scope = scope;
  while (at.parent !== null) {
    at = at.parent;
  }
  return at.module;
}

export const UNKNOWN: Value = { kind: 'unknown' };
/** What nothing is known of, but that it may be a module or build one. */
export function result(name: string): Value {
  return { kind: 'parameter', name, isResult: true };
}

export const NONE: Value = { kind: 'constant', value: null };

/** Options are told apart by identity; more than these are not followed. */
const MAX_OPTIONS = 12;

export function union(values: readonly Value[]): Value {
  const [first] = values;
  if (first !== undefined && values.every((one) => one === first)) {
    return first;
  }
  const options: Value[] = [];
  const add = (value: Value): void => {
    if (options.length < MAX_OPTIONS && !options.some((other) => same(other, value))) {
      options.push(value);
    }
  };
  for (const value of values) {
    if (value.kind === 'union') {
      value.options.forEach(add);
    } else {
      add(value);
    }
  }
  const [only] = options;
  return options.length === 1 && only !== undefined
    ? only
    : options.length === 0
      ? UNKNOWN
      : { kind: 'union', options };
}

export function optionsOf(value: Value): readonly Value[] {
  return value.kind === 'union' ? value.options : [value];
}

/** True for values that nothing can tell apart. */
export function same(a: Value, b: Value): boolean {
  if (a === b) {
    return true;
  }
  if (a.kind === 'constant' && b.kind === 'constant') {
    return a.value === b.value;
  }
  if (a.kind === 'class' && b.kind === 'class') {
    return a.of === b.of && a.external === b.external;
  }
  if (a.kind === 'external' && b.kind === 'external') {
    return a.path === b.path;
  }
  return (
    (a.kind === 'unknown' && b.kind === 'unknown') ||
    (a.kind === 'parameter' && b.kind === 'parameter' && a.name === b.name)
  );
}

export function constant(value: number | string | boolean | null): Value {
  return { kind: 'constant', value };
}

/** A string, with `*` for what is not known; null where the value is no string at all as far as known. */
export function textOf(value: Value): string | null {
  if (value.kind === 'constant' && typeof value.value === 'string') {
    return value.value;
  }
  return value.kind === 'text' ? value.pattern : null;
}

export function textValue(pattern: string): Value {
  return pattern.includes('*') ? { kind: 'text', pattern } : constant(pattern);
}

export function newModule(known: Pick<ModuleValue, 'of' | 'external' | 'plausibility'>): ModuleValue {
  return { kind: 'module', ...known, registrations: [], attributes: new Map(), next: 0, made: [] };
}
