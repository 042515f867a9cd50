/** `object.name`. */

import type { Expression } from '../syntax/python/ast';
import type { FileClass } from './fileClass';
import { callFunction, methodValue } from './functions';
import { externalValue } from './imports';
import type { Machine } from './machine';
import { inherited } from './register';
import { optionsOf, UNKNOWN, union, type Value } from './values';

/** Tensors, not modules, whatever they are read from. */
const TENSOR_NAMES = new Set(['weight', 'bias', 'data', 'grad', 'device', 'dtype', 'shape', 'training']);

export function getAttribute(machine: Machine, object: Value, name: string): Value {
  return union(optionsOf(object).map((one) => attributeOf(machine, one, name)));
}

function attributeOf(machine: Machine, object: Value, name: string): Value {
  switch (object.kind) {
    case 'external': {
      const value = externalValue(`${object.path}.${name}`, object.from);
      return value.kind === 'external' ? machine.program.follow(value) : value;
    }
    case 'module': {
      const own = object.attributes.get(name);
      if (own !== undefined) {
        return own;
      }
      const member = object.of === null ? null : classMember(machine, object.of, name, object);
      if (member !== null) {
        return object.of !== null && isDefault(object.of, member) ? union([member, UNKNOWN]) : member;
      }
      if (TENSOR_NAMES.has(name)) {
        return UNKNOWN;
      }
      return { kind: 'builtinMethod', self: object, name };
    }
    case 'instance':
      return classMember(machine, object.of, name, object) ?? { kind: 'parameter', name: `${object.of.name}.${name}` };
    case 'class':
      if (object.of === null) {
        return { kind: 'external', path: `${object.external}.${name}`, from: null };
      }
      return (
        classMember(machine, object.of, name, null) ??
        (machine.facts.isModule(object.of)
          ? { kind: 'external' as const, path: `torch.nn.Module.${name}`, from: null }
          : UNKNOWN)
      );
    case 'super': {
      const found = machine.facts.method(object.of, name, object.after);
      if (found !== null) {
        return methodValue(object.self, found.owner, found.node);
      }
      // A mixin's `super().__init__` does not reach the container that comes before it in the order of bases.
      const isReached = name !== '__init__' || machine.facts.reachesContainer(object.of, object.after);
      return isReached ? { kind: 'builtinMethod', self: object.self, name } : UNKNOWN;
    }
    case 'parameter':
      return TENSOR_NAMES.has(name) ? UNKNOWN : { ...object, name: `${object.name}.${name}` };
    case 'list':
    case 'dictionary':
    case 'text':
      return { kind: 'builtinMethod', self: object, name };
    case 'builtinMethod': {
      const module = inherited(machine, object);
      return module === null ? UNKNOWN : { kind: 'builtinMethod', self: module, name };
    }
    case 'constant':
      return typeof object.value === 'string' ? { kind: 'builtinMethod', self: object, name } : UNKNOWN;
    default:
      return UNKNOWN;
  }
}

/** True where instances may have another value: of a switch, which subclasses and other code set, and of a dataclass's field. */
function isDefault(of: FileClass, value: Value): boolean {
  return (
    value.kind === 'constant' &&
    (typeof value.value === 'boolean' ||
      of.node.decorators.some((one) => nameOf(one.kind === 'call' ? one.callee : one) === 'dataclass'))
  );
}

const nameOf = (expression: Expression): string =>
  expression.kind === 'name' || expression.kind === 'attribute' ? expression.name : '';

/** What a class gives: a method bound to `self`, the value of a property, a class attribute, a nested class. */
function classMember(machine: Machine, of: FileClass, name: string, self: Value | null): Value | null {
  const found = machine.facts.method(of, name);
  const attribute = machine.facts.classAttribute(of, name);
  if (found === null || (attribute !== null && !found.owner.methods.has(name))) {
    return attribute;
  }
  const decorators = found.node.decorators.map((one) =>
    one.kind === 'name' ? one.name : one.kind === 'attribute' ? one.name : '',
  );
  const bound = methodValue(self ?? { kind: 'class', of, external: null }, found.owner, found.node);
  if (decorators.some((one) => one === 'property' || one === 'cached_property')) {
    return self === null ? UNKNOWN : callFunction(machine, bound, []);
  }
  return bound;
}
