/** The places of Python code that take the name of a layer: calls, keys and comparisons; and the strings found in them. Pure. */

import type { PathString } from '../model/pathString';
import { type Literal, literalsIn } from './pathLiterals';
import { keysOf, type Names, namesOf, type PathScope } from './pathScope';
import { FUNCTIONS, KEYWORDS, LAYER_PARAMETER, METHODS, MODEL_PARAMETER } from './pathStringForms';
import type { Argument, Expression, FunctionNode, Span } from './python/ast';

type Form = Pick<PathString, 'names' | 'relation' | 'certain'>;

export interface RawPathString extends Form {
  readonly literal: Literal;
  readonly model: Span | null;
}

export class PathUses {
  readonly found: RawPathString[] = [];
  private readonly seen = new Set<number>();

  /** Functions of the file by name, as far as they are known. */
  constructor(readonly functions: Map<string, FunctionNode>) {}

  /** A call may take paths by its name, by a keyword, or by the name of its own function's parameter. */
  call(callee: Expression, args: readonly Argument[], scope: PathScope): void {
    for (const { name, value } of args) {
      const form = name === null ? undefined : KEYWORDS.get(name);
      if (form !== undefined && value.kind !== 'string') {
        this.addAll(value, form, null, scope);
      }
    }
    if (callee.kind === 'attribute') {
      this.methodCall(callee.object, callee.name, args, scope);
    }
    const called = callee.kind === 'attribute' || callee.kind === 'name' ? callee.name : '';
    const model = argumentAt(args, 0, 'model');
    for (const form of FUNCTIONS.get(called) ?? []) {
      const given = argumentAt(args, form.position, form.keyword);
      if (given !== null) {
        this.addAll(given, form, model, scope);
      }
    }
    this.ownFunction(callee, called, args, scope);
  }

  private methodCall(object: Expression, name: string, args: readonly Argument[], scope: PathScope): void {
    const [first] = args;
    const method = METHODS.get(name);
    if (method !== undefined) {
      const given = argumentAt(args, 0, 'target');
      if (given !== null) {
        this.addAll(given, method, object, scope);
      }
    }
    if (first === undefined) {
      return;
    }
    if (/^(?:starts|ends)with$|^remove(?:prefix|suffix)$/.test(name)) {
      const names = namesOf(object, scope);
      if (names !== null) {
        const relation = name === 'startswith' || name === 'removeprefix' ? 'prefix' : 'suffix';
        this.addAll(first.value, { names: names.names, relation, certain: false }, names.model, scope);
      }
    } else if (name === 'pop' || name === 'get') {
      const names = keysOf(object, scope);
      if (names !== null) {
        this.addAll(first.value, { ...names, certain: false }, names.model, scope);
      }
    }
  }

  /** Functions that take a layer's path, told by the names of their parameters. */
  private ownFunction(callee: Expression, called: string, args: readonly Argument[], scope: PathScope): void {
    const own = this.functions.get(called);
    const bound = callee.kind === 'attribute' && /^(self|cls)$/.test(own?.parameters[0]?.name ?? '') ? 1 : 0;
    const nameOf = (argument: Argument, index: number): string =>
      argument.name ?? (argument.stars === 0 ? (own?.parameters[index + bound]?.name ?? '') : '');
    const model = args.find((one, index) => MODEL_PARAMETER.test(nameOf(one, index)))?.value ?? null;
    for (const [index, argument] of args.entries()) {
      if (LAYER_PARAMETER.test(nameOf(argument, index))) {
        this.addAll(argument.value, { names: 'module', relation: 'path', certain: false }, model, scope);
      }
    }
  }

  /** `modules["layer1"]`. A name may have been given more keys since; what a call just made has not. */
  key(one: Extract<Expression, { kind: 'subscript' }>, read: boolean, scope: PathScope): void {
    const names = keysOf(one.object, scope);
    const [index] = one.indices;
    if (names !== null && index !== undefined) {
      const certain = read && one.object.kind !== 'name' && names.model !== null;
      this.addAll(index, { ...names, certain }, names.model, scope);
    }
  }

  /** `name == "layer1"`, `"layer1" in name` and the like. */
  compare(left: Expression, operator: string, right: Expression, scope: PathScope): void {
    const add = (strings: Expression, names: Names | null, relation?: PathString['relation']): void => {
      if (names !== null) {
        const form = { names: names.names, relation: relation ?? names.relation, certain: false };
        this.addAll(strings, form, names.model, scope);
      }
    };
    if (operator === '==' || operator === '!=') {
      add(right, namesOf(left, scope));
      add(left, namesOf(right, scope));
    } else if (operator === 'in' || operator === 'not in') {
      add(left, namesOf(right, scope), 'part');
      add(left, keysOf(right, scope));
      if (right.kind !== 'string') {
        add(right, namesOf(left, scope));
      }
    }
  }

  /** Takes the literals that an expression may be. */
  addAll(from: Expression, form: Form, model: Expression | null, scope: PathScope): void {
    for (const literal of literalsIn(from, scope)) {
      if (!this.seen.has(literal.start)) {
        this.seen.add(literal.start);
        const { names, relation, certain } = form;
        this.found.push({
          literal,
          names,
          relation,
          certain,
          model: model === null ? null : { start: model.start, end: model.end },
        });
      }
    }
  }
}

function argumentAt(args: readonly Argument[], position: number, keyword: string): Expression | null {
  const named = args.find((one) => one.name === keyword);
  const plain = args.slice(0, position + 1);
  const at = plain.every((one) => one.name === null && one.stars === 0) ? plain[position] : undefined;
  return (named ?? at)?.value ?? null;
}
