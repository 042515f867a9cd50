/** Names that a file has at its top level once it is imported. Pure. */

import type { Expression, Statement } from '../syntax/python/ast';
import type { SourceFile } from '../syntax/sourceFile';
import { bodiesOf } from './foundStatements';

/** Those of the main block are not among them, for importing the file does not run it. */
export function topLevelNames(source: SourceFile): Set<string> {
  const names = new Set<string>();
  for (const { unit } of source.units) {
    if (unit.kind === 'code') {
      collect(unit.statements, names);
    } else {
      names.add(unit.name);
    }
  }
  return names;
}

function collect(statements: readonly Statement[], names: Set<string>): void {
  for (const one of statements) {
    if (one.kind === 'assign') {
      for (const target of one.targets) {
        add(target, names);
      }
    } else if (one.kind === 'declare') {
      add(one.target, names);
    } else if (one.kind === 'import') {
      names.add(one.alias ?? one.module.split('.')[0] ?? one.module);
    } else if (one.kind === 'importFrom') {
      for (const { name, alias } of one.names) {
        names.add(alias ?? name);
      }
    } else if (one.kind === 'function' || one.kind === 'class') {
      names.add(one.name);
    }
    if (!isMainBlock(one)) {
      for (const body of bodiesOf(one)) {
        collect(body, names);
      }
    }
  }
}

function isMainBlock(one: Statement): boolean {
  const condition = one.kind === 'if' ? one.branches[0]?.condition : undefined;
  return (
    condition?.kind === 'comparison' &&
    condition.operands.some((side) => side.kind === 'name' && side.name === '__name__')
  );
}

function add(target: Expression, names: Set<string>): void {
  if (target.kind === 'name') {
    names.add(target.name);
  } else if (target.kind === 'sequence') {
    for (const item of target.items) {
      add(item, names);
    }
  }
}
