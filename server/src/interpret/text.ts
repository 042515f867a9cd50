/** Strings that the program builds: f-strings, `%`, `.format`, `+`. `*` stands for what is not known. */

import { type ListValue, optionsOf, textOf, textValue, type Value } from './values';

/** How a value reads within a string. */
export function shown(value: Value): string {
  if (value.kind === 'constant') {
    const { value: known } = value;
    return known === null ? 'None' : known === true ? 'True' : known === false ? 'False' : String(known);
  }
  return textOf(value) ?? '*';
}

export function joined(parts: readonly string[]): Value {
  return textValue(parts.join('').replace(/\*{2,}/g, '*'));
}

/** `'layer%d' % 3`. */
export function percent(format: string, right: Value): Value {
  const values = right.kind === 'list' ? itemsInOrder(right) : [right];
  let at = 0;
  const text = format.replace(/%(%|\([^)]*\)[sdrif]|[-+ 0#]*\d*(?:\.\d+)?[sdrifxge])/g, (_all, code: string) => {
    if (code === '%') {
      return '%';
    }
    const plain = /^[sdi]$/.test(code);
    const value = values[at];
    at += 1;
    return plain && value !== undefined ? shown(value) : '*';
  });
  return joined([text]);
}

/** `'layer{}'.format(3)`. */
export function formatted(format: string, positional: readonly Value[], named: ReadonlyMap<string, Value>): Value {
  let next = 0;
  const text = format.replace(
    /\{\{|\}\}|\{([^{}:!]*)([:!][^{}]*)?\}/g,
    (all, field: string | undefined, spec: string | undefined) => {
      if (all === '{{' || all === '}}') {
        return all[0] ?? '';
      }
      const name = field ?? '';
      const value = name === '' ? positional[next] : /^\d+$/.test(name) ? positional[Number(name)] : named.get(name);
      if (name === '') {
        next += 1;
      }
      return value === undefined || (spec ?? '') !== '' ? '*' : shown(value);
    },
  );
  return joined([text]);
}

/** `a + b` where one of them is a string. Null where none is. */
export function concatenated(left: Value, right: Value): Value | null {
  if (optionsOf(left).length > 1 || optionsOf(right).length > 1) {
    return textOf(left) === null && textOf(right) === null ? null : joined([shown(left), shown(right)]);
  }
  return textOf(left) === null && textOf(right) === null ? null : joined([shown(left), shown(right)]);
}

function itemsInOrder(list: ListValue): Value[] {
  return list.items.map((item) => item.value);
}
