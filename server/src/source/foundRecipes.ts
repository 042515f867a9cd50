/** Constructions and calls of a module class in the code of a file: its main block, a test, a notebook. Pure. */

import { rangeIn } from '../syntax/lineIndex';
import type { Expression, FunctionNode, Statement } from '../syntax/python/ast';
import { childrenOf } from '../syntax/python/children';
import type { SourceFile } from '../syntax/sourceFile';
import type { PlacedUnit } from '../syntax/unit';
import { Scope } from './foundScope';
import { bodiesOf, expressionsOf, isFirstName } from './foundStatements';

export interface Wanted {
  /** Name at the top level of its file. */
  readonly className: string;
  /** Names that the class's file has at its top level: they need no following. */
  readonly known: ReadonlySet<string>;
  /** How the searched file names what the class's file has: its own name by the class file's. Null in that file itself. */
  readonly imported: ReadonlyMap<string, string> | null;
}

export interface FoundExpression {
  readonly expression: string;
  /** True for `Model(args)(inputs)`, false for `Model(args)`. */
  readonly calls: boolean;
  /** 1-based. */
  readonly line: number;
}

const MOST_LETTERS = 600;

/**
 * What stands outside of functions and classes, such as the main block, before the rest; else in source order. Whole calls are not told apart
 * by whether they run.
 */
export function foundRecipes(source: SourceFile, wanted: Wanted): FoundExpression[] {
  const outside = new Map<string, FoundExpression>();
  const inside = new Map<string, FoundExpression>();
  const top = new Scope(wanted, source.text, null);
  for (const placed of source.units) {
    const { unit } = placed;
    // A class that does not name the other is of no use, and may be long.
    if (unit.kind !== 'class' || unit.text.includes(wanted.className)) {
      new Walk(placed, unit.kind === 'code' ? outside : inside, wanted).block(
        unit.statements,
        top,
        unit.kind === 'class',
      );
    }
  }
  return [...outside.values(), ...[...inside.values()].filter((one) => !outside.has(one.expression))];
}

class Walk {
  private readonly text: string;

  constructor(
    private readonly placed: PlacedUnit,
    private readonly found: Map<string, FoundExpression>,
    private readonly wanted: Wanted,
  ) {
    this.text = placed.unit.text;
  }

  /** `inClass` is true for the statements of a class body, whose methods share what they set on `self`. */
  block(statements: readonly Statement[], scope: Scope, inClass = false): void {
    for (const one of statements) {
      this.statement(one, scope, inClass);
    }
  }

  private statement(one: Statement, scope: Scope, inClass: boolean): void {
    if (one.kind === 'function') {
      this.functionBody(one, inClass ? scope : scope.inner());
      return;
    }
    if (one.kind === 'class') {
      // A class may be what is looked for; what others hold of it is no use of its own.
      this.block(one.body, scope.inner(), true);
      return;
    }
    for (const expression of expressionsOf(one)) {
      this.look(expression, scope);
    }
    scope.run(one, this.text);
    for (const body of bodiesOf(one)) {
      this.block(body, scope);
    }
  }

  private functionBody(one: FunctionNode, scope: Scope): void {
    for (const parameter of one.parameters) {
      scope.set(
        parameter.name,
        parameter.defaultValue === null ? null : scope.expand(parameter.defaultValue, this.text),
      );
    }
    this.block(one.body, scope);
  }

  private look(expression: Expression, scope: Scope): void {
    if (expression.kind === 'call') {
      const text = scope.expand(expression, this.text);
      const callee = scope.expand(expression.callee, this.text);
      const builds = callee === this.wanted.className;
      const calls = callee !== null && !builds && isFirstName(callee, this.wanted.className) && callee.endsWith(')');
      if ((builds || calls) && text !== null && text.length <= MOST_LETTERS && !this.found.has(text)) {
        const { line } = rangeIn(this.placed, expression.start, expression.end);
        this.found.set(text, { expression: text, calls, line });
      }
    }
    for (const child of childrenOf(expression)) {
      this.look(child, scope);
    }
  }
}
