/** The expressions directly inside an expression, in the order in which Python evaluates most of them. Pure. */

import type { Expression, FormalParameter } from './ast';

/** Comprehension clauses come before what they feed; parameters' defaults count, annotations do not. */
export function childrenOf(one: Expression): readonly Expression[] {
  switch (one.kind) {
    case 'attribute':
      return [one.object];
    case 'call':
      return [one.callee, ...one.args.map((argument) => argument.value)];
    case 'subscript':
      return [one.object, ...one.indices];
    case 'string':
      return one.parts.filter((part) => typeof part !== 'string');
    case 'sequence':
      return one.items;
    case 'starred':
    case 'not':
    case 'unary':
    case 'walrus':
    case 'await':
      return [one.value];
    case 'yield':
      return one.value === null ? [] : [one.value];
    case 'dictionary':
      return one.entries.flatMap((entry) => (entry.key === null ? [entry.value] : [entry.key, entry.value]));
    case 'comprehension':
      return [
        ...one.clauses.map((clause) => (clause.kind === 'for' ? clause.source : clause.condition)),
        ...(one.key === null ? [] : [one.key]),
        one.body,
      ];
    case 'conditional':
      return [one.condition, one.then, one.otherwise];
    case 'boolean':
    case 'binary':
      return [one.left, one.right];
    case 'comparison':
      return one.operands;
    case 'lambda':
      return [...defaultsOf(one.parameters), one.body];
    case 'other':
      return one.parts;
    default:
      return [];
  }
}

export function defaultsOf(parameters: readonly FormalParameter[]): Expression[] {
  return parameters.flatMap((one) => (one.defaultValue === null ? [] : [one.defaultValue]));
}
