/** Comprehensions and generator expressions. */

import type { Clause, Expression } from '../syntax/python/ast';
import { bind } from './bind';
import { evaluate } from './evaluate';
import { anyItem, elementsOf, exactItems, mayNotRun } from './iterate';
import { type Frame, type Machine, newList, siteOf } from './machine';
import { truth } from './truth';
import { type DictionaryValue, innerScope, type Value } from './values';

type Comprehension = Extract<Expression, { kind: 'comprehension' }>;

export function comprehension(machine: Machine, expression: Comprehension): Value {
  const { frame } = machine;
  const inner: Frame = { ...frame, scope: innerScope(frame.scope) };
  machine.frame = inner;
  try {
    return run(machine, expression);
  } finally {
    machine.frame = frame;
  }
}

function run(machine: Machine, expression: Comprehension): Value {
  const list = newList(machine);
  const dictionary: DictionaryValue = { kind: 'dictionary', entries: [] };
  const site = siteOf(machine, expression.body, expression.body);
  let known = true;
  const add = (certain: boolean, repeatedly: boolean): void => {
    if (expression.form === 'dictionary' && expression.key !== null) {
      dictionary.entries.push({
        key: evaluate(machine, expression.key),
        value: evaluate(machine, expression.body),
        site,
        certain,
      });
      return;
    }
    const value = evaluate(machine, expression.body);
    list.items.push({ key: repeatedly || !known ? '*' : list.items.length, value, site, certain });
    known &&= certain;
  };
  const [first, ...others] = expression.clauses;
  const value = first?.kind === 'for' ? evaluate(machine, first.source) : null;
  const source = value === null ? null : elementsOf(value);
  const items = source === null || others.some((clause) => clause.kind === 'for') ? null : exactItems(source);
  if (first?.kind === 'for' && items !== null) {
    for (const item of items) {
      bind(machine, first.target, item.value);
      const holds = conditions(machine, others);
      if (holds !== false) {
        add(holds === true, false);
      }
    }
    list.next = known ? list.items.length : null;
  } else {
    machine.repeat += 1;
    for (const clause of expression.clauses) {
      if (clause.kind === 'for') {
        bind(
          machine,
          clause.target,
          anyItem(clause === first && source !== null ? source : elementsOf(evaluate(machine, clause.source))),
        );
      }
    }
    conditions(machine, others);
    add(value === null || source === null || !mayNotRun(value, source), true);
    machine.repeat -= 1;
    list.next = others.length === 0 ? (source?.next ?? null) : null;
  }
  return expression.form === 'dictionary' ? dictionary : list;
}

/** Whether all `if` clauses hold; null where one is not known. */
function conditions(machine: Machine, clauses: readonly Clause[]): boolean | null {
  const all = clauses.flatMap((clause) => (clause.kind === 'if' ? [truth(evaluate(machine, clause.condition))] : []));
  return all.includes(false) ? false : all.includes(null) ? null : true;
}
