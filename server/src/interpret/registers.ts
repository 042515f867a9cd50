/** Which methods register layers, told without running them. */

import type { Expression, Statement } from '../syntax/python/ast';

/** True where a method gives attributes to `self` or calls what registers modules. */
export function registers(statements: readonly Statement[], self: string): boolean {
  return statements.some((statement) => {
    switch (statement.kind) {
      case 'assign':
        return statement.targets.some((target) => onSelf(target, self));
      case 'declare':
        return onSelf(statement.target, self);
      case 'expression':
        return statement.value.kind === 'call' && callee(statement.value, self);
      case 'if':
        return (
          statement.branches.some((branch) => registers(branch.body, self)) || registers(statement.otherwise, self)
        );
      case 'for':
      case 'while':
      case 'with':
        return registers(statement.body, self);
      case 'try':
        return registers(statement.body, self) || statement.handlers.some((handler) => registers(handler, self));
      default:
        return false;
    }
  });
}

function onSelf(target: Expression, self: string): boolean {
  if (target.kind === 'sequence') {
    return target.items.some((item) => onSelf(item, self));
  }
  return (
    (target.kind === 'attribute' || target.kind === 'subscript') &&
    (onSelf(target.object, self) || (target.object.kind === 'name' && target.object.name === self))
  );
}

function callee(call: Extract<Expression, { kind: 'call' }>, self: string): boolean {
  if (call.callee.kind === 'name') {
    return call.callee.name === 'setattr';
  }
  return (
    call.callee.kind === 'attribute' &&
    (call.callee.object.kind === 'name' ? call.callee.object.name === self : onSelf(call.callee.object, self))
  );
}
