/** Conditions, as far as the source tells how they come out. */

import { constant, optionsOf, UNKNOWN, type Value } from './values';

/** Null where it is not known. */
export function truth(value: Value): boolean | null {
  switch (value.kind) {
    case 'constant':
      return !(value.value === null || value.value === false || value.value === 0 || value.value === '');
    case 'list':
      return value.items.some((item) => item.certain && item.key !== '*') ? true : value.next === 0 ? false : null;
    case 'dictionary':
      return value.entries.some((entry) => entry.certain) ? true : null;
    case 'module':
      return value.plausibility === 'sure' && value.of === null ? true : null;
    case 'class':
    case 'function':
    case 'method':
      return true;
    case 'union': {
      const all = value.options.map(truth);
      return all.every((one) => one === true) ? true : all.every((one) => one === false) ? false : null;
    }
    default:
      return null;
  }
}

/** `a op b op c`; only one operator is decided. */
export function compared(operators: readonly string[], operands: readonly Value[]): Value {
  const [operator] = operators;
  const [left, right] = operands;
  if (operators.length !== 1 || operator === undefined || left === undefined || right === undefined) {
    return UNKNOWN;
  }
  const results = optionsOf(left).flatMap((a) => optionsOf(right).map((b) => comparedOnce(operator, a, b)));
  const [first] = results;
  return first !== undefined && first !== null && results.every((one) => one === first) ? constant(first) : UNKNOWN;
}

function comparedOnce(operator: string, left: Value, right: Value): boolean | null {
  if (operator === 'is' || operator === 'is not') {
    const equal = identical(left, right);
    return equal === null ? null : equal === (operator === 'is');
  }
  if (operator === 'in' || operator === 'not in') {
    const found = contains(right, left);
    return found === null ? null : found === (operator === 'in');
  }
  if (left.kind !== 'constant' || right.kind !== 'constant') {
    return null;
  }
  const [a, b] = [left.value, right.value];
  if (operator === '==' || operator === '!=') {
    return (a === b) === (operator === '==');
  }
  if (typeof a !== 'number' || typeof b !== 'number') {
    return null;
  }
  switch (operator) {
    case '<':
      return a < b;
    case '>':
      return a > b;
    case '<=':
      return a <= b;
    case '>=':
      return a >= b;
    default:
      return null;
  }
}

/** `left is right`, where one is a constant such as None. */
function identical(left: Value, right: Value): boolean | null {
  if (left.kind === 'constant' && right.kind === 'constant') {
    return left.value === right.value;
  }
  if (left.kind === 'class' && right.kind === 'class') {
    return left.of === right.of && left.external === right.external;
  }
  const [known, other] = left.kind === 'constant' ? [left, right] : [right, left];
  if (known.kind !== 'constant') {
    return null;
  }
  const isObject =
    other.kind === 'list' ||
    other.kind === 'dictionary' ||
    other.kind === 'class' ||
    other.kind === 'function' ||
    other.kind === 'text' ||
    (other.kind === 'module' && other.plausibility === 'sure');
  return isObject ? false : null;
}

function contains(list: Value, value: Value): boolean | null {
  if (list.kind === 'module' && value.kind === 'constant' && typeof value.value === 'string') {
    const isKnown =
      list.plausibility === 'sure' &&
      list.of === null &&
      list.registrations.every((one) => one.certain && !one.name.includes('*'));
    return isKnown ? list.registrations.some((one) => one.name === value.value) : null;
  }
  if (
    list.kind !== 'list' ||
    value.kind !== 'constant' ||
    !list.items.every((item) => item.value.kind === 'constant' && item.key !== '*')
  ) {
    return null;
  }
  return list.items.some((item) => item.value.kind === 'constant' && item.value.value === value.value);
}
