/** A machine for one piece of work in a module: nothing of other work is left in it. */

import type { Unit } from '../syntax/unit';
import { ClassFacts, type Passed } from './classFacts';
import type { Machine } from './machine';
import type { Module } from './module';
import type { Scope } from './values';

/** Bound for one piece of work, so that no file takes long and none blocks the server. */
const STEPS = 60_000;

const NOTHING: Passed = new Map();

/** `passed` is what calls are known to pass for the parameters of classes. */
export function newMachine(
  module: Module,
  unit: Unit | null,
  passed: Passed = NOTHING,
  scope: Scope = module.scope,
): Machine {
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
    steps: STEPS,
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
