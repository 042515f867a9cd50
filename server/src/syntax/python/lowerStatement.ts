/** Syntax nodes to statements. */

import type { ReadableNode } from '../parser';
import type { Insertion } from '../unfinished';
import type { Unit } from '../unit';
import type { Branch, ClassNode, Expression, FunctionNode, Statement } from './ast';
import { argumentsIn, parametersIn } from './lowerArguments';
import { ExpressionLowering } from './lowerExpression';
import { importFrom, importsIn } from './lowerImport';

/** Lowers a unit from the tree of its finished text; `added` is what that has beyond the unit's own. */
export function lowerUnit(unit: Unit, root: ReadableNode, text: string, added: readonly Insertion[]): Statement[] {
  return new StatementLowering(new ExpressionLowering(text, added), unit).statements(root.namedChildren, 0);
}

/** Deeper nested blocks are left out. */
const MAX_DEPTH = 60;

class StatementLowering {
  constructor(
    private readonly expressions: ExpressionLowering,
    private readonly unit: Unit,
  ) {}

  statements(nodes: readonly ReadableNode[], depth: number): Statement[] {
    return depth > MAX_DEPTH ? [] : nodes.flatMap((node) => this.statement(node, depth + 1));
  }

  private block(node: ReadableNode | null, depth: number): Statement[] {
    return node === null ? [] : this.statements(node.namedChildren, depth);
  }

  private statement(node: ReadableNode, depth: number): Statement[] {
    const at = this.expressions.span(node);
    const { expressions } = this;
    switch (node.type) {
      case 'expression_statement':
        return this.expressionStatement(node);
      case 'class_definition':
        return [this.classNode(node, [], node, depth)];
      case 'function_definition':
        return [this.functionNode(node, [], depth)];
      case 'decorated_definition': {
        const decorators = node.namedChildren
          .filter((one) => one.type === 'decorator')
          .flatMap((one) => expressions.all(one.namedChildren).slice(0, 1));
        const definition = node.childForFieldName('definition');
        if (definition?.type === 'class_definition') {
          return [this.classNode(definition, decorators, node, depth)];
        }
        return definition?.type === 'function_definition' ? [this.functionNode(definition, decorators, depth)] : [];
      }
      case 'if_statement':
        return [this.ifStatement(node, depth)];
      case 'for_statement':
        return [
          {
            ...at,
            kind: 'for',
            target: expressions.field(node, 'left'),
            source: expressions.field(node, 'right'),
            body: this.block(node.childForFieldName('body'), depth),
            otherwise: this.elseBlock(node, depth),
          },
        ];
      case 'while_statement':
        return [
          {
            ...at,
            kind: 'while',
            condition: expressions.field(node, 'condition'),
            body: this.block(node.childForFieldName('body'), depth),
            otherwise: this.elseBlock(node, depth),
          },
        ];
      case 'with_statement':
        return [
          { ...at, kind: 'with', items: this.withItems(node), body: this.block(node.childForFieldName('body'), depth) },
        ];
      case 'try_statement':
        return [
          {
            ...at,
            kind: 'try',
            body: this.block(node.childForFieldName('body'), depth),
            handlers: node.namedChildren
              .filter((one) => one.type.startsWith('except'))
              .map((one) => this.lastBlock(one, depth)),
            otherwise: this.elseBlock(node, depth),
            final: node.namedChildren
              .filter((one) => one.type === 'finally_clause')
              .flatMap((one) => this.lastBlock(one, depth)),
          },
        ];
      case 'match_statement': {
        const cases = node.childForFieldName('body')?.namedChildren ?? [];
        return [
          {
            ...at,
            kind: 'match',
            subject: expressions.field(node, 'subject'),
            cases: cases
              .filter((one) => one.type === 'case_clause')
              .map((one) => this.block(one.childForFieldName('consequence'), depth)),
          },
        ];
      }
      case 'return_statement':
        return [{ ...at, kind: 'return', value: expressions.all(node.namedChildren)[0] ?? null }];
      case 'assert_statement':
        return expressions.all(node.namedChildren).map((value) => ({ ...at, kind: 'expression', value }));
      case 'delete_statement':
        return [
          {
            ...at,
            kind: 'delete',
            targets: expressions
              .all(node.namedChildren)
              .flatMap((one) => (one.kind === 'sequence' ? one.items : [one])),
          },
        ];
      case 'raise_statement':
        return [{ ...at, kind: 'leave', how: 'raise' }];
      case 'break_statement':
        return [{ ...at, kind: 'leave', how: 'break' }];
      case 'continue_statement':
        return [{ ...at, kind: 'leave', how: 'continue' }];
      case 'global_statement':
      case 'nonlocal_statement':
        return [{ ...at, kind: 'global', names: node.namedChildren.map((one) => expressions.source(one)) }];
      case 'import_statement':
        return importsIn(node, expressions);
      case 'import_from_statement':
        return [importFrom(node, expressions)];
      case 'block':
      case 'ERROR':
        // What recovery could still read of broken code is used; names and signs between it are not.
        return this.statements(
          node.namedChildren.filter((one) => STATEMENTS.test(one.type)),
          depth,
        );
      default:
        return [];
    }
  }

  private expressionStatement(node: ReadableNode): Statement[] {
    const parts = node.namedChildren.filter((one) => one.type !== 'comment');
    const [only] = parts;
    if (parts.length === 1 && only !== undefined) {
      return this.simple(only, this.expressions.span(node));
    }
    return parts.map((part) => ({
      ...this.expressions.span(node),
      kind: 'expression',
      value: this.expressions.expression(part),
    }));
  }

  private simple(node: ReadableNode, at: { start: number; end: number }): Statement[] {
    if (node.type === 'augmented_assignment') {
      const operator = node.childForFieldName('operator')?.type ?? '';
      return [
        {
          ...at,
          kind: 'augment',
          target: this.expressions.field(node, 'left'),
          operator,
          value: this.expressions.field(node, 'right'),
        },
      ];
    }
    if (node.type !== 'assignment') {
      return [{ ...at, kind: 'expression', value: this.expressions.expression(node) }];
    }
    const annotation = this.expressions.optionalField(node, 'type');
    if (annotation !== null) {
      return [
        {
          ...at,
          kind: 'declare',
          target: this.expressions.field(node, 'left'),
          annotation,
          value: this.expressions.optionalField(node, 'right'),
        },
      ];
    }
    const targets: Expression[] = [];
    let next: ReadableNode | null = node;
    while (next?.type === 'assignment' && targets.length < MAX_DEPTH) {
      targets.push(this.expressions.field(next, 'left'));
      next = next.childForFieldName('right');
    }
    return next === null ? [] : [{ ...at, kind: 'assign', targets, value: this.expressions.expression(next) }];
  }

  private ifStatement(node: ReadableNode, depth: number): Statement {
    const branches: Branch[] = [this.branch(node, depth)];
    for (const child of node.namedChildren) {
      if (child.type === 'elif_clause') {
        branches.push(this.branch(child, depth));
      }
    }
    return { ...this.expressions.span(node), kind: 'if', branches, otherwise: this.elseBlock(node, depth) };
  }

  private branch(node: ReadableNode, depth: number): Branch {
    return {
      condition: this.expressions.field(node, 'condition'),
      body: this.block(node.childForFieldName('consequence'), depth),
    };
  }

  private elseBlock(node: ReadableNode, depth: number): Statement[] {
    return node.namedChildren.filter((one) => one.type === 'else_clause').flatMap((one) => this.lastBlock(one, depth));
  }

  private lastBlock(node: ReadableNode, depth: number): Statement[] {
    return this.block(node.namedChildren.findLast((one) => one.type === 'block') ?? null, depth);
  }

  private withItems(node: ReadableNode): { value: Expression; target: Expression | null }[] {
    const clause = node.namedChildren.find((one) => one.type === 'with_clause');
    return (clause?.namedChildren ?? []).flatMap((item) => {
      const value = item.childForFieldName('value');
      if (value?.type !== 'as_pattern') {
        return value === null ? [] : [{ value: this.expressions.expression(value), target: null }];
      }
      const [inner, target] = value.namedChildren;
      const [name] = target?.namedChildren ?? [];
      return inner === undefined
        ? []
        : [
            {
              value: this.expressions.expression(inner),
              target: name === undefined ? null : this.expressions.expression(name),
            },
          ];
    });
  }

  private functionNode(node: ReadableNode, decorators: readonly Expression[], depth: number): FunctionNode {
    const name = node.childForFieldName('name');
    const parameters = node.childForFieldName('parameters');
    const body = node.childForFieldName('body');
    return {
      ...this.expressions.span(node),
      kind: 'function',
      name: name === null ? '' : this.expressions.source(name),
      parameters: parameters === null ? [] : parametersIn(parameters, this.expressions),
      returns: this.expressions.optionalField(node, 'return_type'),
      decorators,
      body: this.block(body, depth),
      unit: this.unit,
    };
  }

  private classNode(
    node: ReadableNode,
    decorators: readonly Expression[],
    outer: ReadableNode,
    depth: number,
  ): ClassNode {
    const name = node.childForFieldName('name');
    const bases = node.childForFieldName('superclasses');
    const body = node.childForFieldName('body');
    const colon = node.children.find((one) => one.type === ':');
    return {
      ...this.expressions.span(node),
      kind: 'class',
      name: name === null ? '' : this.expressions.source(name),
      bases: bases === null ? [] : argumentsIn(bases, this.expressions),
      decorators,
      outerStart: this.expressions.written(outer.startIndex),
      headerEnd: this.expressions.written((colon ?? bases ?? name ?? node).endIndex),
      body: this.block(body, depth),
      unit: this.unit,
    };
  }
}

const STATEMENTS = /_statement$|_definition$|^block$|^ERROR$/;
