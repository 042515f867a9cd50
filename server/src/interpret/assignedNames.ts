/** Names that a block may give a new value. Pure. */

import type { Expression, Statement } from '../syntax/python/ast';

export function assignedNames(statements: readonly Statement[], names = new Set<string>()): Set<string> {
  const target = (expression: Expression): void => {
    if (expression.kind === 'name') {
      names.add(expression.name);
    } else if (expression.kind === 'sequence') {
      expression.items.forEach(target);
    } else if (expression.kind === 'starred') {
      target(expression.value);
    }
  };
  for (const statement of statements) {
    switch (statement.kind) {
      case 'assign':
        statement.targets.forEach(target);
        break;
      case 'declare':
      case 'augment':
        target(statement.target);
        break;
      case 'for':
        target(statement.target);
        assignedNames([...statement.body, ...statement.otherwise], names);
        break;
      case 'while':
        assignedNames([...statement.body, ...statement.otherwise], names);
        break;
      case 'if':
        for (const branch of statement.branches) {
          assignedNames(branch.body, names);
        }
        assignedNames(statement.otherwise, names);
        break;
      case 'with':
        assignedNames(statement.body, names);
        break;
      case 'try':
        assignedNames(
          [...statement.body, ...statement.handlers.flat(), ...statement.otherwise, ...statement.final],
          names,
        );
        break;
      case 'match':
        assignedNames(statement.cases.flat(), names);
        break;
      default:
        break;
    }
  }
  return names;
}
