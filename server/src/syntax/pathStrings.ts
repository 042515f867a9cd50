/** Finds the string literals that name layers, and what they have to do with the paths of which model. Pure. */

import type { PathString } from '../model/pathString';
import { type Literal, literalsIn } from './pathLiterals';
import { assigned, itemOf, keysOf, type Names, namesOf, PathScope } from './pathScope';
import { FUNCTIONS, KEYWORDS, LAYER_PARAMETER, METHODS, MODEL_PARAMETER } from './pathStringForms';
import { PathWords } from './pathWords';
import type { Argument, Expression, FunctionNode, Span, Statement } from './python/ast';
import { childrenOf, defaultsOf } from './python/children';

type Form = Pick<PathString, 'names' | 'relation' | 'certain'>;

export interface RawPathString extends Form {
  readonly literal: Literal;
  readonly model: Span | null;
}

/** In source order, each literal once. The text is that of the statements; `others` are functions that stand elsewhere in the file. */
export function pathStringsIn(
  statements: readonly Statement[],
  text: string,
  others: ReadonlyMap<string, FunctionNode> = new Map(),
): RawPathString[] {
  const finder = new Finder(new PathWords(text), others);
  finder.block(statements, new PathScope(null));
  return finder.found.sort((a, b) => a.literal.start - b.literal.start);
}

class Finder {
  readonly found: RawPathString[] = [];
  private readonly seen = new Set<number>();
  private readonly functions: Map<string, FunctionNode>;

  constructor(
    private readonly words: PathWords,
    others: ReadonlyMap<string, FunctionNode>,
  ) {
    this.functions = new Map(others);
    for (const name of others.keys()) {
      words.addCalled(name);
    }
  }

  /** Bodies of functions come after what stands around them: they run later. */
  block(statements: readonly Statement[], scope: PathScope): void {
    const later: FunctionNode[] = [];
    for (const one of statements) {
      if (one.kind === 'function') {
        this.functions.set(one.name, one);
        if (one.parameters.some(({ name }) => LAYER_PARAMETER.test(name))) {
          this.words.addCalled(one.name);
        }
        later.push(one);
      } else {
        this.statement(one, scope);
      }
    }
    for (const one of later) {
      this.functionNode(one, scope);
    }
  }

  private functionNode(one: FunctionNode, scope: PathScope): void {
    this.all([...one.decorators, ...defaultsOf(one.parameters)], scope);
    for (const { name, defaultValue } of one.parameters) {
      if (defaultValue !== null && LAYER_PARAMETER.test(name)) {
        this.addAll(defaultValue, { names: 'module', relation: 'path', certain: false }, null, scope);
      }
    }
    // Bodies are lowered when first read: those that can hold no path are left alone.
    if (this.words.within(one)) {
      const inner = new PathScope(scope);
      for (const each of one.parameters) {
        inner.set(each.name, null);
      }
      this.block(one.body, inner);
    }
  }

  private statement(one: Statement, scope: PathScope): void {
    switch (one.kind) {
      case 'class':
        this.all([...one.decorators, ...one.bases.map((base) => base.value)], scope);
        this.block(one.body, new PathScope(scope));
        return;
      case 'assign':
        this.visit(one.value, scope);
        for (const target of one.targets) {
          this.target(target, one.value, scope);
        }
        return;
      case 'declare':
        if (one.value !== null) {
          this.visit(one.value, scope);
          this.target(one.target, one.value, scope);
        }
        return;
      case 'augment':
      case 'expression':
        this.visit(one.value, scope);
        return;
      case 'return':
        if (one.value !== null) {
          this.visit(one.value, scope);
        }
        return;
      case 'delete':
        this.all(one.targets, scope);
        return;
      case 'if':
        for (const branch of one.branches) {
          this.visit(branch.condition, scope);
          this.block(branch.body, scope);
        }
        this.block(one.otherwise, scope);
        return;
      case 'for':
        this.visit(one.source, scope);
        scope.bind(one.target, itemOf(one.source, scope));
        this.block(one.body, scope);
        this.block(one.otherwise, scope);
        return;
      case 'while':
        this.visit(one.condition, scope);
        this.block([...one.body, ...one.otherwise], scope);
        return;
      case 'with':
        this.all(
          one.items.map((item) => item.value),
          scope,
        );
        this.block(one.body, scope);
        return;
      case 'try':
        this.block([...one.body, ...one.handlers.flat(), ...one.otherwise, ...one.final], scope);
        return;
      case 'match':
        this.visit(one.subject, scope);
        this.block(one.cases.flat(), scope);
        return;
      default:
        return;
    }
  }

  /** What is assigned to: a key that is set may be new. */
  private target(target: Expression, value: Expression, scope: PathScope): void {
    if (target.kind === 'name') {
      scope.set(target.name, assigned(value, scope));
    } else if (target.kind === 'subscript') {
      this.key(target, false, scope);
      this.visit(target.object, scope);
    } else if (target.kind === 'attribute') {
      this.visit(target.object, scope);
      const form = KEYWORDS.get(target.name);
      if (form !== undefined) {
        this.addAll(value, form, null, scope);
      }
    } else {
      this.all(childrenOf(target), scope);
    }
  }

  private all(expressions: readonly Expression[], scope: PathScope): void {
    for (const one of expressions) {
      this.visit(one, scope);
    }
  }

  private visit(one: Expression, scope: PathScope): void {
    switch (one.kind) {
      case 'call':
        this.call(one.callee, one.args, scope);
        break;
      case 'subscript':
        this.key(one, true, scope);
        break;
      case 'comparison':
        for (const [index, operator] of one.operators.entries()) {
          const [left, right] = [one.operands[index], one.operands[index + 1]];
          if (left !== undefined && right !== undefined) {
            this.compare(left, operator, right, scope);
          }
        }
        break;
      case 'walrus':
        scope.set(one.name, assigned(one.value, scope));
        break;
      case 'lambda': {
        const inner = new PathScope(scope);
        for (const each of one.parameters) {
          inner.set(each.name, null);
        }
        this.all(childrenOf(one), inner);
        return;
      }
      case 'comprehension':
        this.comprehension(one, scope);
        return;
    }
    this.all(childrenOf(one), scope);
  }

  private comprehension(one: Extract<Expression, { kind: 'comprehension' }>, scope: PathScope): void {
    const inner = new PathScope(scope);
    for (const clause of one.clauses) {
      if (clause.kind === 'for') {
        this.visit(clause.source, inner);
        inner.bind(clause.target, itemOf(clause.source, inner));
      } else {
        this.visit(clause.condition, inner);
      }
    }
    if (one.key !== null) {
      this.visit(one.key, inner);
    }
    this.visit(one.body, inner);
  }

  private call(callee: Expression, args: readonly Argument[], scope: PathScope): void {
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
  private key(one: Extract<Expression, { kind: 'subscript' }>, read: boolean, scope: PathScope): void {
    const names = keysOf(one.object, scope);
    const [index] = one.indices;
    if (names !== null && index !== undefined) {
      const certain = read && one.object.kind !== 'name' && names.model !== null;
      this.addAll(index, { ...names, certain }, names.model, scope);
    }
  }

  private compare(left: Expression, operator: string, right: Expression, scope: PathScope): void {
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

  private addAll(from: Expression, form: Form, model: Expression | null, scope: PathScope): void {
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
