/** What a statement holds: expressions that run, and bodies. Pure. */

import type { Expression, Statement } from '../syntax/python/ast';

/** Expressions of the statement itself, not of its bodies. */
export function expressionsOf(one: Statement): readonly Expression[] {
  switch (one.kind) {
    case 'assign':
    case 'augment':
    case 'expression':
      return [one.value];
    case 'declare':
    case 'return':
      return one.value === null ? [] : [one.value];
    case 'if':
      return one.branches.map((branch) => branch.condition);
    case 'for':
      return [one.source];
    case 'while':
      return [one.condition];
    case 'with':
      return one.items.map((item) => item.value);
    default:
      return [];
  }
}

export function bodiesOf(one: Statement): readonly (readonly Statement[])[] {
  switch (one.kind) {
    case 'if':
      return [...one.branches.map((branch) => branch.body), one.otherwise];
    case 'for':
    case 'while':
      return [one.body, one.otherwise];
    case 'with':
      return [one.body];
    case 'try':
      return [one.body, ...one.handlers, one.otherwise, one.final];
    default:
      return [];
  }
}

/** True for `Net(1)(x)` and `Net`. */
export function isFirstName(text: string, name: string): boolean {
  return text.startsWith(name) && !/[\w.]/.test(text[name.length] ?? '');
}
