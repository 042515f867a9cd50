/** How a file names what another file defines. Pure. */

import type { Statement } from '../syntax/python/ast';
import type { SourceFile } from '../syntax/sourceFile';
import { bodiesOf } from './foundStatements';

/**
 * The other file's top-level names by the expression that stands for them here: `Net`, `net.Net`, `models.net.Net`. `leads` tells whether an
 * import leads to the other file or to a package that hands its names on. Empty where nothing is imported from it.
 */
export function importedNames(
  source: SourceFile,
  names: ReadonlySet<string>,
  leads: (module: string) => boolean,
): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const asModule = (here: string): void => {
    for (const name of names) {
      found.set(`${here}.${name}`, name);
    }
  };
  const block = (statements: readonly Statement[]): void => {
    for (const one of statements) {
      if (one.kind === 'import' && leads(one.module)) {
        asModule(one.alias ?? one.module);
      } else if (one.kind === 'importFrom') {
        const ends = leads(one.module);
        for (const { name, alias } of one.names) {
          if (ends && names.has(name)) {
            found.set(alias ?? name, name);
          } else if (leads(`${one.module}${one.module.endsWith('.') ? '' : '.'}${name}`)) {
            asModule(alias ?? name);
          }
        }
        if (ends && one.star) {
          for (const name of names) {
            found.set(name, name);
          }
        }
      }
      if (one.kind === 'function') {
        block(one.body);
      }
      for (const body of bodiesOf(one)) {
        block(body);
      }
    }
  };
  for (const { unit } of source.units) {
    if (unit.text.includes('import')) {
      block(unit.statements);
    }
  }
  return found;
}
