/** Where methods call layers: `self.conv1(x)`, `for block in self.blocks: block(x)`. Pure. */

import type { Expression, FunctionNode, Span, Statement } from './python/ast';

export interface RawUse {
  readonly pattern: string;
  readonly span: Span;
}

/** What a name stands for: a path below `self`, or several values. */
type Path = string | readonly (Path | null)[] | null;

/** Calls of what is reached from `self`, with `*` for indices that are not known. Methods of the class are among them. */
export function usesIn(method: FunctionNode): RawUse[] {
  const [self] = method.parameters;
  if (self === undefined || method.decorators.some((one) => one.kind === 'name' && one.name === 'staticmethod')) {
    return [];
  }
  const reader = new UseReader(self.name);
  reader.block(method.body);
  return reader.uses;
}

class UseReader {
  readonly uses: RawUse[] = [];
  private readonly names = new Map<string, Path>();

  constructor(private readonly self: string) {}

  block(statements: readonly Statement[]): void {
    for (const statement of statements) {
      this.statement(statement);
    }
  }

  private statement(statement: Statement): void {
    switch (statement.kind) {
      case 'assign': {
        const path = this.path(statement.value);
        for (const target of statement.targets) {
          this.visit(target);
          this.bind(target, path);
        }
        return;
      }
      case 'declare':
        this.bind(statement.target, statement.value === null ? null : this.path(statement.value));
        return;
      case 'augment':
      case 'expression':
        this.visit(statement.value);
        return;
      case 'return':
        if (statement.value !== null) {
          this.visit(statement.value);
        }
        return;
      case 'if':
        for (const branch of statement.branches) {
          this.visit(branch.condition);
          this.block(branch.body);
        }
        this.block(statement.otherwise);
        return;
      case 'for':
        this.bind(statement.target, this.element(statement.source));
        this.block(statement.body);
        this.block(statement.otherwise);
        return;
      case 'while':
        this.visit(statement.condition);
        this.block(statement.body);
        this.block(statement.otherwise);
        return;
      case 'with':
        for (const item of statement.items) {
          this.visit(item.value);
        }
        this.block(statement.body);
        return;
      case 'try':
        this.block([...statement.body, ...statement.handlers.flat(), ...statement.otherwise, ...statement.final]);
        return;
      case 'match':
        this.visit(statement.subject);
        this.block(statement.cases.flat());
        return;
      case 'function':
        this.block(statement.body);
        return;
      default:
        return;
    }
  }

  private bind(target: Expression, path: Path): void {
    if (target.kind === 'name') {
      this.names.set(target.name, path);
    } else if (target.kind === 'sequence') {
      for (const [index, item] of target.items.entries()) {
        this.bind(item, typeof path === 'string' ? `${path}.*` : (path?.[index] ?? null));
      }
    }
  }

  /** Looks for calls in an expression whose own value does not matter. */
  private visit(expression: Expression): void {
    this.path(expression);
  }

  private visitAll(expressions: readonly Expression[]): void {
    for (const expression of expressions) {
      this.visit(expression);
    }
  }

  /** The path an expression stands for; calls found on the way are noted. */
  private path(expression: Expression): Path {
    switch (expression.kind) {
      case 'name':
        return expression.name === this.self ? '' : (this.names.get(expression.name) ?? null);
      case 'attribute': {
        const object = this.path(expression.object);
        return typeof object === 'string' ? below(object, expression.name) : null;
      }
      case 'subscript': {
        const object = this.path(expression.object);
        this.visitAll(expression.indices);
        const [index] = expression.indices;
        return typeof object === 'string' && object !== '' ? below(object, indexText(index)) : null;
      }
      case 'call':
        return this.call(expression);
      case 'conditional': {
        this.visit(expression.condition);
        const [then, otherwise] = [this.path(expression.then), this.path(expression.otherwise)];
        return then ?? otherwise;
      }
      case 'boolean': {
        const [left, right] = [this.path(expression.left), this.path(expression.right)];
        return left ?? right;
      }
      case 'walrus': {
        const path = this.path(expression.value);
        this.names.set(expression.name, path);
        return path;
      }
      case 'sequence':
        return expression.items.map((item) => this.path(item));
      case 'comprehension':
        for (const clause of expression.clauses) {
          if (clause.kind === 'for') {
            this.bind(clause.target, this.element(clause.source));
          } else {
            this.visit(clause.condition);
          }
        }
        if (expression.key !== null) {
          this.visit(expression.key);
        }
        this.visit(expression.body);
        return null;
      case 'await':
        return this.path(expression.value);
      case 'lambda':
        this.visit(expression.body);
        return null;
      case 'dictionary':
        for (const entry of expression.entries) {
          this.visit(entry.value);
        }
        return null;
      case 'binary':
        this.visit(expression.left);
        this.visit(expression.right);
        return null;
      case 'comparison':
        this.visitAll(expression.operands);
        return null;
      case 'not':
      case 'unary':
      case 'starred':
        this.visit(expression.value);
        return null;
      case 'yield':
        if (expression.value !== null) {
          this.visit(expression.value);
        }
        return null;
      case 'string':
        for (const part of expression.parts) {
          if (typeof part !== 'string') {
            this.visit(part);
          }
        }
        return null;
      case 'other':
        this.visitAll(expression.parts);
        return null;
      default:
        return null;
    }
  }

  private call(expression: Extract<Expression, { kind: 'call' }>): Path {
    const { callee } = expression;
    if (callee.kind === 'name' && callee.name === 'getattr') {
      const [object, name] = expression.args;
      const path = object === undefined ? null : this.path(object.value);
      return typeof path === 'string' && name !== undefined ? below(path, indexText(name.value)) : null;
    }
    const path = this.path(callee);
    for (const argument of expression.args) {
      this.visit(argument.value);
    }
    if (typeof path === 'string' && path !== '') {
      this.uses.push({ pattern: path, span: { start: expression.start, end: expression.end } });
    }
    return null;
  }

  /** What a loop variable stands for. */
  private element(source: Expression): Path {
    if (source.kind === 'call' && source.callee.kind === 'name') {
      const elements = (): Path[] => source.args.map((argument) => this.element(argument.value));
      switch (source.callee.name) {
        case 'enumerate':
          return [null, elements()[0] ?? null];
        case 'zip':
          return elements();
        case 'reversed':
        case 'list':
        case 'tuple':
          return elements()[0] ?? null;
      }
    }
    if (source.kind === 'call' && source.callee.kind === 'attribute' && source.args.length === 0) {
      const object = this.path(source.callee.object);
      const { name } = source.callee;
      if (typeof object === 'string' && (name === 'items' || name === 'named_children')) {
        return [null, below(object, '*')];
      }
      if (typeof object === 'string' && (name === 'values' || name === 'children')) {
        return below(object, '*');
      }
    }
    const path = this.path(source);
    if (typeof path === 'string') {
      return path === '' ? null : below(path, '*');
    }
    return Array.isArray(path) && path.length > 0 && path.every((one) => one === path[0]) ? (path[0] ?? null) : null;
  }
}

function below(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}

function indexText(index: Expression | undefined): string {
  if (index?.kind === 'number') {
    return String(index.value);
  }
  if (index?.kind === 'string') {
    return index.parts.map((part) => (typeof part === 'string' ? part : '*')).join('');
  }
  return '*';
}
