/** Which functions of a file have to do with its module classes, told without running or parsing them. */

import type { Unit } from '../syntax/unit';
import { hasWord, withoutDecorators } from '../syntax/words';
import type { ClassFacts } from './classFacts';
import type { FileClass } from './fileClass';
import type { Module } from './module';
import { sameItems } from './sameItems';
import { lastName } from './torchNames';
import type { FunctionValue } from './values';

/** The answers for one file, one version after another. */
export class RelevantFunctions {
  private wanted: readonly string[] = [];
  private functions: readonly FunctionValue[] = [];
  private found: readonly FunctionValue[] = [];

  /** Functions that name a module class of the file or hold a class, and those that name such functions; in source order. */
  of(module: Module, facts: ClassFacts, classes: readonly FileClass[]): readonly FunctionValue[] {
    const functions: FunctionValue[] = [];
    for (const value of module.scope.names.values()) {
      if (value.kind === 'function') {
        functions.push(value);
      }
    }
    const wanted = classes.filter((one) => facts.isModule(one)).map((one) => lastName(one.name));
    if (!sameItems(functions, this.functions) || !sameItems(wanted, this.wanted)) {
      this.found = relevant(functions, wanted);
      this.functions = functions;
      this.wanted = wanted;
    }
    return this.found;
  }
}

function relevant(functions: readonly FunctionValue[], wanted: readonly string[]): FunctionValue[] {
  const found = new Set<FunctionValue>();
  let names = new Set(wanted);
  for (let isFirst = true; isFirst || names.size > 0; isFirst = false) {
    const key = [...names].join(' ');
    const more = functions.filter((one) => !found.has(one) && one.unit !== null && mentions(one.unit, names, key));
    for (const one of more) {
      found.add(one);
    }
    names = new Set(more.map((one) => one.name));
  }
  return functions.filter((one) => found.has(one));
}

const mentionsByUnit = new WeakMap<Unit, Map<string, boolean>>();
/** Lists of names remembered for one function. */
const MAX_KEYS = 4;

/** True where the function holds a class or has one of the names, told once for the same names. Not parsed: most have none. */
function mentions(unit: Unit, names: ReadonlySet<string>, key: string): boolean {
  let known = mentionsByUnit.get(unit);
  if (known === undefined || known.size > MAX_KEYS) {
    known = new Map();
    mentionsByUnit.set(unit, known);
  }
  let answer = known.get(key);
  if (answer === undefined) {
    const body = withoutDecorators(unit);
    answer = HOLDS_CLASS.test(body) || hasWord(body, names);
    known.set(key, answer);
  }
  return answer;
}

const HOLDS_CLASS = /[\r\n][ \t\f]+class\s+\w+\s*[([]/;
