/** What is known of the parameters of a function or class that is called from outside. */

import type { Expression, FormalParameter } from '../syntax/python/ast';
import { evaluate } from './evaluate';
import type { FileClass } from './fileClass';
import { bindArguments } from './functions';
import { type Machine, newList } from './machine';
import { isTorchModule } from './torchNames';
import { type ArgumentValue, innerScope, newModule, optionsOf, UNKNOWN, union, type Value } from './values';

const NOWHERE: Expression = { start: 0, end: 0, kind: 'other', parts: [] };

/** Keyword arguments that say of each parameter what is known: its annotation, its default, what calls pass. */
export function openParameters(
  machine: Machine,
  parameters: readonly FormalParameter[],
  owner: FileClass | null,
  of: FileClass | null,
): ArgumentValue[] {
  const scope = owner?.scope ?? machine.frame.scope;
  const outer = machine.frame;
  const inner = innerScope(scope);
  machine.frame = { ...outer, scope: inner, owner: null, yields: newList(machine) };
  bindArguments(
    machine,
    inner,
    parameters.filter((one) => one.defaultValue !== null),
    null,
    [],
  );
  const args = parameters
    .filter((one) => one.kind === 'positional' || one.kind === 'keywordOnly')
    .map((one): ArgumentValue => {
      const told = [
        ...(owner === null ? [] : (machine.facts.passed.get(owner)?.get(one.name) ?? [])),
        ...(of === null || of === owner ? [] : (machine.facts.passed.get(of)?.get(one.name) ?? [])),
      ];
      const byDefault = optionsOf(inner.names.get(one.name) ?? { kind: 'unknown' }).filter(
        (value) =>
          value.kind === 'class' ||
          value.kind === 'function' ||
          value.kind === 'partial' ||
          value.kind === 'external' ||
          // A layer that all instances share; a number of layers that may be none.
          value.kind === 'module' ||
          (value.kind === 'constant' && value.value === 0),
      );
      const annotated = one.annotation === null ? [] : fromAnnotation(machine, one.annotation);
      const open: Value = { kind: 'parameter', name: one.name };
      const value = union([...annotated, ...[...byDefault, ...told].map(asPassed), open]);
      return { name: one.name, stars: 0, value, expression: NOWHERE };
    });
  machine.frame = outer;
  const more = { name: null, value: UNKNOWN, expression: NOWHERE } as const;
  return [...args, { ...more, stars: 1 }, { ...more, stars: 2 }];
}

/** A module that some call passes: what it holds belongs to that call, not to this class. */
function asPassed(value: Value): Value {
  return value.kind === 'module' ? newModule({ of: null, external: null, plausibility: 'maybe' }) : value;
}

/** `Type[Block]` gives the class, `nn.Module` a module, `Optional[...]` and unions what is in them. */
function fromAnnotation(machine: Machine, annotation: Expression): Value[] {
  if (annotation.kind === 'string') {
    return [];
  }
  if (annotation.kind === 'binary' && annotation.operator === '|') {
    return [...fromAnnotation(machine, annotation.left), ...fromAnnotation(machine, annotation.right)];
  }
  if (annotation.kind === 'subscript') {
    const name =
      annotation.object.kind === 'name'
        ? annotation.object.name
        : annotation.object.kind === 'attribute'
          ? annotation.object.name
          : '';
    const inner = annotation.indices.flatMap((one) => (one.kind === 'sequence' ? one.items : [one]));
    switch (name) {
      case 'Type':
      case 'type':
        return inner.flatMap((one) => classesOf(machine, one));
      case 'Callable':
        return inner.slice(-1).flatMap((one) => classesOf(machine, one));
      case 'Optional':
      case 'Union':
      case 'Annotated':
        return inner.flatMap((one) => fromAnnotation(machine, one));
      default:
        return [];
    }
  }
  return classesOf(machine, annotation).map(
    (value): Value => newModule({ of: null, external: value.external, plausibility: 'maybe' }),
  );
}

function classesOf(machine: Machine, expression: Expression): Extract<Value, { kind: 'class' }>[] {
  if (expression.kind === 'subscript') {
    return expression.indices
      .flatMap((one) => (one.kind === 'sequence' ? one.items : [one]))
      .flatMap((one) => classesOf(machine, one));
  }
  if (expression.kind === 'binary') {
    return [...classesOf(machine, expression.left), ...classesOf(machine, expression.right)];
  }
  if (expression.kind !== 'name' && expression.kind !== 'attribute') {
    return [];
  }
  return optionsOf(evaluate(machine, expression)).flatMap((value) => {
    if (value.kind !== 'class') {
      return [];
    }
    return (value.of === null ? isTorchModule(value.external) : machine.facts.isModule(value.of)) ? [value] : [];
  });
}
