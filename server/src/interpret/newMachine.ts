/** A machine for one piece of work in a module: nothing of other work is left in it. */

import type { Unit } from '../syntax/unit';
import { ClassFacts, type Passed } from './classFacts';
import type { Machine } from './machine';
import type { Module } from './module';

/** Evaluations that one piece of work may take, so that no file takes long and none blocks the server. */
export const STEPS = { class: 24_000, function: 8_000, code: 24_000 } as const;

/** Of these, what one call of a function in another file may take. */
const STEPS_ELSEWHERE = { class: 6_000, function: 1_200, code: 1_200 } as const;

const NOTHING: Passed = new Map();

/** `passed` is what calls are known to pass for the parameters of classes. */
export function newMachine(
  module: Module,
  unit: Unit | null,
  kind: keyof typeof STEPS = 'code',
  passed: Passed = NOTHING,
): Machine {
  const { scope } = module;
  return {
    program: module.program,
    facts: new ClassFacts(module.program, passed),
    frame: {
      scope,
      owner: null,
      self: null,
      returns: [],
      yields: { kind: 'list', items: [], next: 0 },
      body: null,
      qualifiedName: '',
      unit,
    },
    stack: [],
    home: module,
    steps: STEPS[kind],
    stepsElsewhere: STEPS_ELSEWHERE[kind],
    doubt: 0,
    repeat: 0,
    trail: [],
    madeIn: new WeakMap(),
    built: [],
    ran: new Set(),
    classes: new Map(),
    learned: [],
    statement: null,
  };
}
