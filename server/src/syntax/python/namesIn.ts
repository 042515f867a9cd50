/** All names that code mentions. Pure. */

import type { Expression, FormalParameter, Statement } from './ast';

/** Names and attributes of `self`-like chains are not told apart: `Outer.Inner` gives both. */
export function namesIn(statements: readonly Statement[]): Set<string> {
  const names = new Set<string>();
  const expression = (one: Expression | null): void => {
    if (one === null) {
      return;
    }
    switch (one.kind) {
      case 'name':
        names.add(one.name);
        return;
      case 'attribute':
        names.add(one.name);
        expression(one.object);
        return;
      case 'call':
        expression(one.callee);
        one.args.forEach((argument) => expression(argument.value));
        return;
      case 'subscript':
        expression(one.object);
        one.indices.forEach(expression);
        return;
      case 'string':
        one.parts.forEach((part) => (typeof part === 'string' ? names.add(part) : expression(part)));
        return;
      case 'sequence':
        one.items.forEach(expression);
        return;
      case 'starred':
      case 'not':
      case 'unary':
      case 'walrus':
      case 'await':
      case 'yield':
        expression(one.value);
        return;
      case 'dictionary':
        for (const entry of one.entries) {
          expression(entry.key);
          expression(entry.value);
        }
        return;
      case 'comprehension':
        expression(one.key);
        expression(one.body);
        for (const clause of one.clauses) {
          expression(clause.kind === 'for' ? clause.source : clause.condition);
        }
        return;
      case 'conditional':
        [one.condition, one.then, one.otherwise].forEach(expression);
        return;
      case 'boolean':
      case 'binary':
        expression(one.left);
        expression(one.right);
        return;
      case 'comparison':
        one.operands.forEach(expression);
        return;
      case 'lambda':
        parameters(one.parameters);
        expression(one.body);
        return;
      case 'other':
        one.parts.forEach(expression);
        return;
      default:
        return;
    }
  };
  const parameters = (all: readonly FormalParameter[]): void => {
    for (const one of all) {
      expression(one.annotation);
      expression(one.defaultValue);
    }
  };
  const block = (all: readonly Statement[]): void => {
    for (const one of all) {
      statement(one);
    }
  };
  const statement = (one: Statement): void => {
    switch (one.kind) {
      case 'assign':
      case 'expression':
      case 'augment':
        expression(one.value);
        return;
      case 'declare':
        expression(one.annotation);
        expression(one.value);
        return;
      case 'return':
        expression(one.value);
        return;
      case 'if':
        for (const branch of one.branches) {
          expression(branch.condition);
          block(branch.body);
        }
        block(one.otherwise);
        return;
      case 'for':
        expression(one.source);
        block(one.body);
        block(one.otherwise);
        return;
      case 'while':
        expression(one.condition);
        block(one.body);
        block(one.otherwise);
        return;
      case 'with':
        one.items.forEach((item) => expression(item.value));
        block(one.body);
        return;
      case 'try':
        block([...one.body, ...one.handlers.flat(), ...one.otherwise, ...one.final]);
        return;
      case 'match':
        expression(one.subject);
        block(one.cases.flat());
        return;
      case 'function':
        parameters(one.parameters);
        block(one.body);
        return;
      case 'class':
        one.bases.forEach((base) => expression(base.value));
        block(one.body);
        return;
      default:
        return;
    }
  };
  block(statements);
  return names;
}
