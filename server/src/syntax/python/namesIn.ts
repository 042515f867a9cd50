/** All names that code mentions. Pure. */

import type { Expression, FormalParameter, Statement } from './ast';

/** Names and attributes of `self`-like chains are not told apart: `Outer.Inner` gives both. */
export function namesIn(statements: readonly Statement[]): Set<string> {
  const names = new Set<string>();
  const all = (several: readonly Expression[]): void => {
    for (const one of several) {
      expression(one);
    }
  };
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
        for (const argument of one.args) {
          expression(argument.value);
        }
        return;
      case 'subscript':
        expression(one.object);
        all(one.indices);
        return;
      case 'string':
        for (const part of one.parts) {
          if (typeof part === 'string') {
            names.add(part);
          } else {
            expression(part);
          }
        }
        return;
      case 'sequence':
        all(one.items);
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
        all([one.condition, one.then, one.otherwise]);
        return;
      case 'boolean':
      case 'binary':
        expression(one.left);
        expression(one.right);
        return;
      case 'comparison':
        all(one.operands);
        return;
      case 'lambda':
        parameters(one.parameters);
        expression(one.body);
        return;
      case 'other':
        all(one.parts);
        return;
      default:
        return;
    }
  };
  const parameters = (several: readonly FormalParameter[]): void => {
    for (const one of several) {
      expression(one.annotation);
      expression(one.defaultValue);
    }
  };
  const block = (several: readonly Statement[]): void => {
    for (const one of several) {
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
        for (const item of one.items) {
          expression(item.value);
        }
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
        for (const base of one.bases) {
          expression(base.value);
        }
        block(one.body);
        return;
      default:
        return;
    }
  };
  block(statements);
  return names;
}
