/** Finds the string literals that name layers, and what they have to do with the paths of which model. Pure. */

import { assigned, itemOf, PathScope } from './pathScope';
import { KEYWORDS, LAYER_PARAMETER } from './pathStringForms';
import { PathUses, type RawPathString } from './pathUses';
import { PathWords } from './pathWords';
import type { Expression, FunctionNode, Statement } from './python/ast';
import { childrenOf, defaultsOf } from './python/children';

/** In source order, each literal once. The text is that of the statements; `others` are functions that stand elsewhere in the file. */
export function pathStringsIn(
  statements: readonly Statement[],
  text: string,
  others: ReadonlyMap<string, FunctionNode> = new Map(),
): RawPathString[] {
  const words = new PathWords(text);
  for (const name of others.keys()) {
    words.addCalled(name);
  }
  const uses = new PathUses(new Map(others));
  new Walk(words, uses).block(statements, new PathScope(null));
  return uses.found.sort((a, b) => a.literal.start - b.literal.start);
}

/** Goes through the code in the order in which it runs, and keeps what its names stand for. */
class Walk {
  constructor(
    private readonly words: PathWords,
    private readonly uses: PathUses,
  ) {}

  /** Bodies of functions come after what stands around them: they run later. */
  block(statements: readonly Statement[], scope: PathScope): void {
    const later: FunctionNode[] = [];
    for (const one of statements) {
      if (one.kind === 'function') {
        this.uses.functions.set(one.name, one);
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
        this.uses.addAll(defaultValue, { names: 'module', relation: 'path', certain: false }, null, scope);
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
      this.uses.key(target, false, scope);
      this.visit(target.object, scope);
    } else if (target.kind === 'attribute') {
      this.visit(target.object, scope);
      const form = KEYWORDS.get(target.name);
      if (form !== undefined) {
        this.uses.addAll(value, form, null, scope);
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
        this.uses.call(one.callee, one.args, scope);
        break;
      case 'subscript':
        this.uses.key(one, true, scope);
        break;
      case 'comparison':
        for (const [index, operator] of one.operators.entries()) {
          const [left, right] = [one.operands[index], one.operands[index + 1]];
          if (left !== undefined && right !== undefined) {
            this.uses.compare(left, operator, right, scope);
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
}
