/** `a op b`. */

import { type Machine, newList } from './machine';
import { appendAll } from './register';
import { concatenated, percent } from './text';
import { constant, textOf, UNKNOWN, type Value } from './values';

/** The value of a binary operator; unknown where its operands are. */
export function binary(machine: Machine, operator: string, left: Value, right: Value): Value {
  const text = textOf(left);
  if (operator === '%' && text !== null) {
    return percent(text, right);
  }
  if (operator === '+') {
    if (left.kind === 'list' && right.kind === 'list') {
      const list = newList(machine);
      appendAll(machine, list, left);
      appendAll(machine, list, right);
      return list;
    }
    const sum = concatenated(left, right);
    if (sum !== null) {
      return sum;
    }
  }
  if (operator === '*') {
    const [list, times] = left.kind === 'list' ? [left, right] : [right, left];
    if (list.kind === 'list') {
      const count = times.kind === 'constant' && typeof times.value === 'number' ? times.value : null;
      const repeated = newList(machine);
      if (count === 1) {
        appendAll(machine, repeated, list);
      } else if (count !== 0) {
        repeated.items.push(...list.items.map((item) => ({ ...item, key: '*' as const })));
        repeated.next = count === null || list.next === null ? null : count * list.next;
      }
      return repeated;
    }
  }
  return arithmetic(operator, left, right);
}

function arithmetic(operator: string, left: Value, right: Value): Value {
  if (
    left.kind !== 'constant' ||
    right.kind !== 'constant' ||
    typeof left.value !== 'number' ||
    typeof right.value !== 'number'
  ) {
    return UNKNOWN;
  }
  const [a, b] = [left.value, right.value];
  switch (operator) {
    case '+':
      return constant(a + b);
    case '-':
      return constant(a - b);
    case '*':
      return constant(a * b);
    case '//':
      return b === 0 ? UNKNOWN : constant(Math.floor(a / b));
    case '/':
      return b === 0 ? UNKNOWN : constant(a / b);
    case '%':
      return b === 0 ? UNKNOWN : constant(a - Math.floor(a / b) * b);
    case '**':
      return constant(a ** b);
    default:
      return UNKNOWN;
  }
}
