/** What a unit that is a class or a function stands for. Nothing of it runs before it is asked for. */

import type { ClassNode, FunctionNode, Statement } from '../syntax/python/ast';
import type { Unit } from '../syntax/unit';
import { runBases, runClassBody } from './defineClass';
import { FileClass } from './fileClass';
import { type Module, noteReads } from './module';
import { newMachine } from './newMachine';
import { Reads } from './reads';
import { innerScope, type Scope, type Value } from './values';

export function unitClass(module: Module, unit: Unit): Value {
  const reads = new Reads(module);
  const of = new FileClass(
    unit.name,
    module,
    unit,
    module.scope,
    () => classNode(unit, unit.statements),
    () => module.program.within(reads, () => runBases(newMachine(module, unit), unit.bases, scopeAround(module, unit))),
    (self) =>
      module.program.within(reads, () => {
        const machine = newMachine(module, unit);
        return runClassBody(machine, self, scopeAround(module, unit));
      }),
  );
  noteReads(of, reads);
  return { kind: 'class', of, external: null };
}

/** Most functions are never called: theirs is parsed only when it is. */
export function unitFunction(module: Module, unit: Unit): Value {
  // Not kept here: the unit may be released.
  const node = (): FunctionNode | null =>
    unit.statements.find((one): one is FunctionNode => one.kind === 'function') ?? null;
  return {
    kind: 'function',
    name: unit.name,
    scope: module.scope,
    owner: null,
    unit,
    get parameters() {
      return node()?.parameters ?? [];
    },
    get body() {
      return node()?.body ?? [];
    },
    get node() {
      return node();
    },
  };
}

/** In `class Block(Block)` the base is what the name meant before. */
function scopeAround(module: Module, unit: Unit): Scope {
  const earlier = module.earlierValue(unit);
  if (earlier === undefined) {
    return module.scope;
  }
  const scope = innerScope(module.scope);
  scope.names.set(unit.name, earlier);
  return scope;
}

function classNode(unit: Unit, statements: readonly Statement[]): ClassNode {
  const node = statements.find((one): one is ClassNode => one.kind === 'class');
  const nowhere = { start: 0, end: unit.text.length };
  return (
    node ?? {
      ...nowhere,
      kind: 'class',
      name: unit.name,
      bases: [],
      decorators: [],
      outerStart: 0,
      headerEnd: 0,
      body: [],
      unit,
    }
  );
}
