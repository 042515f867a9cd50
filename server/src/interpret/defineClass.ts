/** Class statements. */

import type { Argument, ClassNode } from '../syntax/python/ast';
import { evaluate } from './evaluate';
import { execute } from './execute';
import { type ClassBody, FileClass } from './fileClass';
import type { Machine } from './machine';
import { innerScope, moduleOf, type Scope, type Value } from './values';

/** Makes a class of a class statement inside of another statement; the same statement run again gives the same class. */
export function defineClass(machine: Machine, node: ClassNode, outer: FileClass | null): FileClass | null {
  const known = machine.classes.get(node);
  if (known !== undefined) {
    return known;
  }
  const { frame } = machine;
  const module = moduleOf(frame.scope);
  if (module === null) {
    return null;
  }
  const prefix =
    outer !== null
      ? `${outer.name}.`
      : machine.stack.length > 0 && frame.qualifiedName !== ''
        ? `${frame.qualifiedName}.<locals>.`
        : '';
  const of = new FileClass(
    `${prefix}${node.name}`,
    module,
    node.unit,
    outer?.scope ?? frame.scope,
    () => node,
    () => runBases(machine, node.bases, frame.scope),
    (self) => runClassBody(machine, self, frame.scope),
  );
  machine.classes.set(node, of);
  // The scope around it may change later, so it is looked into now.
  void of.attributes;
  return of;
}

/** Evaluates the bases of a class in the names around it. */
export function runBases(machine: Machine, written: readonly Argument[], around: Scope): Value[] {
  const { frame } = machine;
  machine.frame = { ...frame, scope: around };
  const bases = written
    .filter((base) => base.name === null && base.stars === 0)
    .map((base) => evaluate(machine, base.value));
  machine.frame = frame;
  return bases;
}

/** Runs the body of a class in the names around it. */
export function runClassBody(machine: Machine, of: FileClass, around: Scope): ClassBody {
  const { frame } = machine;
  const { node } = of;
  const scope = innerScope(around);
  machine.frame = { ...frame, scope, owner: of };
  const attributes: Map<string, Value> = scope.names;
  for (const statement of node.body) {
    if (statement.kind === 'class') {
      const inner = defineClass(machine, statement, of);
      if (inner !== null) {
        attributes.set(statement.name, { kind: 'class', of: inner, external: null });
      }
    } else if (statement.kind !== 'function') {
      execute(machine, [statement]);
    }
  }
  machine.frame = frame;
  return { attributes, inner: [...machine.classes.values()] };
}
