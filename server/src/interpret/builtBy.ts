/** Which module classes a call builds, as seen from a file. */

import { getAttribute } from './attributes';
import { ClassFacts } from './classFacts';
import type { FileClass } from './fileClass';
import { lookup } from './lookup';
import type { Module } from './module';
import { newMachine } from './newMachine';
import { runFunction } from './runs';
import { optionsOf } from './values';

/** `called` is a dotted name of the module: a class, or a function that returns instances. Empty where that is not known. */
export function builtBy(module: Module, called: string): FileClass[] {
  const [first = '', ...rest] = called.split('.');
  const machine = newMachine(module, null, 'function');
  const start = lookup(machine, module.scope, first);
  if (start === null) {
    return [];
  }
  const value = rest.reduce((object, name) => getAttribute(machine, object, name), start);
  const facts = new ClassFacts(module.program, new Map());
  return optionsOf(value).flatMap((one): readonly FileClass[] => {
    if (one.kind === 'class' && one.of !== null) {
      return facts.isModule(one.of) ? [one.of] : [];
    }
    return one.kind === 'function' ? runFunction(module, one, new Map()).returned : [];
  });
}
