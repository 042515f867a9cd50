/** Class statements. */

import type { ClassNode } from '../python/ast';
import { evaluate } from './evaluate';
import { execute } from './execute';
import type { Machine } from './machine';
import type { FileClass, Value } from './values';

/** Makes a class of a class statement; the same statement run again gives the same class. */
export function defineClass(machine: Machine, node: ClassNode, outer: FileClass | null): FileClass {
  const known = machine.classes.get(node.start);
  if (known !== undefined) {
    return known;
  }
  const { frame } = machine;
  const attributes = new Map<string, Value>();
  const methods = new Map(
    node.body.flatMap((statement) => (statement.kind === 'function' ? [[statement.name, statement] as const] : [])),
  );
  const prefix =
    outer !== null
      ? `${outer.name}.`
      : machine.stack.length > 0 && frame.qualifiedName !== ''
        ? `${frame.qualifiedName}.<locals>.`
        : '';
  const of: FileClass = { name: `${prefix}${node.name}`, node, scope: frame.scope, bases: [], methods, attributes };
  machine.classes.set(node.start, of);
  const bases = node.bases
    .filter((base) => base.name === null && base.stars === 0)
    .map((base) => evaluate(machine, base.value));
  Object.assign(of, { bases });
  const scope = { names: attributes, parent: frame.scope };
  machine.frame = { ...frame, scope, owner: of };
  for (const statement of node.body) {
    if (statement.kind === 'class') {
      attributes.set(statement.name, { kind: 'class', of: defineClass(machine, statement, of), external: null });
    } else if (statement.kind !== 'function') {
      execute(machine, [statement]);
    }
  }
  machine.frame = frame;
  return of;
}
