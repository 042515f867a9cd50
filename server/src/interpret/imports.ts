/** Imported names. */

import type { Module } from './module';
import type { Sources } from './sources';
import { isTorchModule } from './torchNames';
import type { Value } from './values';

/** Absolute name of the module that `from written import ...` names; as written where it leaves the package. */
export function importedModule(module: Module, written: string): string {
  return absoluteModule(module.program.sources, module.file, written);
}

/** The same as seen from a file. */
export function absoluteModule(sources: Sources, file: string, written: string): string {
  const level = /^\.*/.exec(written)?.[0].length ?? 0;
  return level === 0 ? written : (sources.absolute(level, written.slice(level), file) ?? written);
}

/** `from module import name` in a file. */
export function importValue(module: string, name: string, from: string | null): Value {
  // Members of a folder that is no package are imported by their bare names.
  return externalValue(module === '' ? name : `${module}.${name}`, from);
}

/** What a dotted name of a package stands for as far as its name tells. */
export function externalValue(path: string, from: string | null): Value {
  return isTorchModule(path) ? { kind: 'class', of: null, external: path } : { kind: 'external', path, from };
}
