/** Syntax nodes to expressions. */

import type { ReadableNode } from '../parser';
import type { Insertion } from '../unfinished';
import type { Clause, Entry, Expression, Span } from './ast';
import { callArguments, parametersIn } from './lowerArguments';
import { stringParts } from './lowerString';

/** Deeper nesting is not looked into: Python itself refuses it, but broken code may have it. */
const MAX_DEPTH = 200;

export class ExpressionLowering {
  private depth = 0;

  /** `added` is what the parsed text has beyond the text as written; offsets leave it out. */
  constructor(
    readonly text: string,
    private readonly added: readonly Insertion[] = [],
  ) {}

  span(node: ReadableNode): Span {
    const { startIndex, endIndex } = node;
    return this.added.length === 0
      ? { start: startIndex, end: endIndex }
      : { start: this.written(startIndex), end: this.written(endIndex) };
  }

  /** The offset in the text as written. */
  written(offset: number): number {
    let before = 0;
    for (const one of this.added) {
      if (one.at >= offset) {
        break;
      }
      before += Math.min(one.text.length, offset - one.at);
    }
    return offset - before;
  }

  source(node: ReadableNode): string {
    return this.text.slice(node.startIndex, node.endIndex);
  }

  expression(node: ReadableNode): Expression {
    if (this.depth >= MAX_DEPTH) {
      return { ...this.span(node), kind: 'other', parts: [] };
    }
    this.depth += 1;
    try {
      return starOutermost(this.lower(node));
    } finally {
      this.depth -= 1;
    }
  }

  /** The named child in a field; an empty expression where broken code has none. */
  field(node: ReadableNode, name: string): Expression {
    const child = node.childForFieldName(name);
    return child === null
      ? { start: this.written(node.endIndex), end: this.written(node.endIndex), kind: 'other', parts: [] }
      : this.expression(child);
  }

  optionalField(node: ReadableNode, name: string): Expression | null {
    const child = node.childForFieldName(name);
    return child === null ? null : this.expression(child);
  }

  all(nodes: readonly ReadableNode[]): Expression[] {
    return nodes
      .filter((node) => node.type !== 'comment' && node.type !== 'line_continuation')
      .map((node) => this.expression(node));
  }

  private lower(node: ReadableNode): Expression {
    const at = this.span(node);
    switch (node.type) {
      case 'identifier':
      case 'keyword_identifier':
        return { ...at, kind: 'name', name: this.source(node) };
      case 'attribute': {
        const name = node.childForFieldName('attribute');
        return {
          ...at,
          kind: 'attribute',
          object: this.field(node, 'object'),
          name: name === null ? '' : this.source(name),
        };
      }
      case 'call':
        return { ...at, kind: 'call', callee: this.field(node, 'function'), args: callArguments(node, this) };
      case 'subscript': {
        const [object, ...indices] = this.all(node.namedChildren);
        return { ...at, kind: 'subscript', object: object ?? this.field(node, 'value'), indices };
      }
      case 'string':
        return { ...at, kind: 'string', parts: stringParts(node, this) };
      case 'concatenated_string': {
        const parts = this.all(node.namedChildren).flatMap((one) => (one.kind === 'string' ? one.parts : [one]));
        return { ...at, kind: 'string', parts };
      }
      case 'integer':
      case 'float':
        return { ...at, kind: 'number', value: Number(this.source(node).replaceAll('_', '')) };
      case 'true':
        return { ...at, kind: 'constant', value: true };
      case 'false':
        return { ...at, kind: 'constant', value: false };
      case 'none':
        return { ...at, kind: 'constant', value: null };
      case 'list':
      case 'list_pattern':
        return { ...at, kind: 'sequence', form: 'list', items: this.all(node.namedChildren) };
      case 'tuple':
      case 'tuple_pattern':
      case 'pattern_list':
      case 'expression_list':
        return { ...at, kind: 'sequence', form: 'tuple', items: this.all(node.namedChildren) };
      case 'set':
        return { ...at, kind: 'sequence', form: 'set', items: this.all(node.namedChildren) };
      case 'dictionary':
        return { ...at, kind: 'dictionary', entries: node.namedChildren.flatMap((child) => this.entry(child)) };
      case 'list_comprehension':
        return this.comprehension(node, 'list');
      case 'set_comprehension':
        return this.comprehension(node, 'set');
      case 'dictionary_comprehension':
        return this.comprehension(node, 'dictionary');
      case 'generator_expression':
        return this.comprehension(node, 'generator');
      case 'parenthesized_expression':
      case 'type':
        return this.inner(node);
      case 'list_splat':
      case 'list_splat_pattern':
        return { ...at, kind: 'starred', value: this.inner(node) };
      case 'conditional_expression': {
        const [then, condition, otherwise] = this.all(node.namedChildren);
        return then && condition && otherwise
          ? { ...at, kind: 'conditional', condition, then, otherwise }
          : this.other(node);
      }
      case 'boolean_operator':
        return {
          ...at,
          kind: 'boolean',
          operator: this.operator(node),
          left: this.field(node, 'left'),
          right: this.field(node, 'right'),
        };
      case 'not_operator':
        return { ...at, kind: 'not', value: this.field(node, 'argument') };
      case 'comparison_operator': {
        const operators = node.children.filter(
          (child) => !child.isNamed || child.type === 'not in' || child.type === 'is not',
        );
        return {
          ...at,
          kind: 'comparison',
          operands: this.all(node.namedChildren),
          operators: operators.map((one) => one.type),
        };
      }
      case 'binary_operator':
        return {
          ...at,
          kind: 'binary',
          operator: this.operator(node),
          left: this.field(node, 'left'),
          right: this.field(node, 'right'),
        };
      case 'unary_operator':
        return { ...at, kind: 'unary', operator: this.operator(node), value: this.field(node, 'argument') };
      case 'lambda': {
        const parameters = node.childForFieldName('parameters');
        return {
          ...at,
          kind: 'lambda',
          parameters: parameters === null ? [] : parametersIn(parameters, this),
          body: this.field(node, 'body'),
        };
      }
      case 'named_expression': {
        const name = node.childForFieldName('name');
        return {
          ...at,
          kind: 'walrus',
          name: name === null ? '' : this.source(name),
          value: this.field(node, 'value'),
        };
      }
      case 'slice':
        return { ...at, kind: 'slice' };
      case 'await':
        return { ...at, kind: 'await', value: this.inner(node) };
      case 'yield': {
        const [value] = this.all(node.namedChildren);
        return { ...at, kind: 'yield', value: value ?? null, from: node.children[1]?.type === 'from' };
      }
      case 'assignment':
        // `print(a = b)` and broken code can have an assignment where an expression stands.
        return this.field(node, 'right');
      default:
        return this.other(node);
    }
  }

  private entry(node: ReadableNode): Entry[] {
    if (node.type === 'pair') {
      return [{ key: this.field(node, 'key'), value: this.field(node, 'value') }];
    }
    return node.type === 'dictionary_splat' ? [{ key: null, value: this.inner(node) }] : [];
  }

  private comprehension(node: ReadableNode, form: 'list' | 'set' | 'dictionary' | 'generator'): Expression {
    const body = node.childForFieldName('body');
    if (body === null) {
      return this.other(node);
    }
    const pair = body.type === 'pair';
    const clauses = node.namedChildren.flatMap((child): Clause[] => {
      if (child.type === 'for_in_clause') {
        return [{ kind: 'for', target: this.field(child, 'left'), source: this.field(child, 'right') }];
      }
      return child.type === 'if_clause' ? [{ kind: 'if', condition: this.inner(child) }] : [];
    });
    return {
      ...this.span(node),
      kind: 'comprehension',
      form,
      key: pair ? this.field(body, 'key') : null,
      body: pair ? this.field(body, 'value') : this.expression(body),
      clauses,
    };
  }

  /** The one expression inside of a node: in brackets, behind stars or a keyword. */
  inner(node: ReadableNode): Expression {
    const child = node.namedChildren.find((one) => one.type !== 'comment' && one.type !== 'line_continuation');
    return child === undefined ? { ...this.span(node), kind: 'other', parts: [] } : this.expression(child);
  }

  private other(node: ReadableNode): Expression {
    return { ...this.span(node), kind: 'other', parts: this.all(node.namedChildren) };
  }

  private operator(node: ReadableNode): string {
    return node.childForFieldName('operator')?.type ?? '';
  }
}

/** In `[*a.b]` and `[*a()]` the grammar takes the star for part of the object. */
function starOutermost(one: Expression): Expression {
  if ((one.kind === 'attribute' || one.kind === 'subscript') && one.object.kind === 'starred') {
    const { value } = one.object;
    return { start: one.start, end: one.end, kind: 'starred', value: { ...one, start: value.start, object: value } };
  }
  if (one.kind === 'call' && one.callee.kind === 'starred') {
    const { value } = one.callee;
    return { start: one.start, end: one.end, kind: 'starred', value: { ...one, start: value.start, callee: value } };
  }
  return one;
}
