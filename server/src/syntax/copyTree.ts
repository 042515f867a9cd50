/**
 * A syntax tree as plain objects. Asking tree-sitter costs more than parsing does: every property of every node is a call into
 * the binding. So the tree is copied once, with as few calls as will do, and can be freed at once.
 */

import type { ReadableNode, SyntaxCursor, SyntaxTree } from './parser';
import { isFormatted } from './python/lowerString';

/** Broken code may nest deeper than anything that is lowered. */
const MAX_DEPTH = 1000;

/** The signs between named nodes that lowering asks for. */
const SIGNS_MATTER = new Set([
  'augmented_assignment',
  'binary_operator',
  'boolean_operator',
  'class_definition',
  'comparison_operator',
  'unary_operator',
  'yield',
]);

/** Named nodes whose children nobody asks for. */
const LEAVES = new Set([
  'break_statement',
  'comment',
  'continue_statement',
  'dotted_name',
  'ellipsis',
  'false',
  'float',
  'format_specifier',
  'identifier',
  'integer',
  'none',
  'pass_statement',
  'string_content',
  'string_end',
  'string_start',
  'true',
]);

/** They can stand anywhere between the children of a node. */
const LEFT_OUT = new Set(['comment', 'line_continuation']);

/** Where there is no error, fields of these are known by the order of the named children. */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  aliased_import: ['name', 'alias'],
  attribute: ['object', 'attribute'],
  augmented_assignment: ['left', 'right'],
  binary_operator: ['left', 'right'],
  boolean_operator: ['left', 'right'],
  call: ['function', 'arguments'],
  default_parameter: ['name', 'value'],
  dictionary_comprehension: ['body'],
  elif_clause: ['condition', 'consequence'],
  for_in_clause: ['left', 'right'],
  for_statement: ['left', 'right', 'body'],
  generator_expression: ['body'],
  if_statement: ['condition', 'consequence'],
  interpolation: ['expression'],
  keyword_argument: ['name', 'value'],
  list_comprehension: ['body'],
  named_expression: ['name', 'value'],
  not_operator: ['argument'],
  pair: ['key', 'value'],
  set_comprehension: ['body'],
  typed_default_parameter: ['name', 'type', 'value'],
  unary_operator: ['argument'],
  while_statement: ['condition', 'body'],
  with_item: ['value'],
};

/** Of those the ones that end with the last of their fields. */
const ENDS_WITH_FIELDS = new Set([
  'attribute',
  'augmented_assignment',
  'binary_operator',
  'boolean_operator',
  'call',
  'default_parameter',
  'keyword_argument',
  'not_operator',
  'pair',
  'unary_operator',
]);

/** Nodes that end with their closing bracket; lowering asks for no field of them. */
const BRACKETED = new Set([
  'argument_list',
  'dictionary',
  'list',
  'parameters',
  'parenthesized_expression',
  'set',
  'subscript',
  'tuple',
]);

/** Further nodes without fields that lowering asks for. */
const WITHOUT_FIELDS = new Set([
  'block',
  'comparison_operator',
  'conditional_expression',
  'expression_list',
  'expression_statement',
  'module',
  'pattern_list',
  'return_statement',
  'string',
  'type',
]);

/** Nodes that can begin or end elsewhere than their first or last child, even without errors. */
const OWN_EDGES = new Set(['module', 'block']);

interface NodeType {
  readonly name: string;
  readonly isNamed: boolean;
  readonly isLeaf: boolean;
  readonly isString: boolean;
  readonly isLeftOut: boolean;
  readonly isCloser: boolean;
  readonly isBracketed: boolean;
  readonly keepsSigns: boolean;
  readonly ownEdges: boolean;
  /** Whether fields have to be asked for, in a tree without errors. */
  readonly asksFields: boolean;
  readonly fields: readonly string[];
  /** Number of named children behind which there are no more; 0 where that is not known. */
  readonly lastAfter: number;
}

class PlainNode implements ReadableNode {
  endIndex = 0;
  children: PlainNode[] = [];
  /** Of the children, in the same order; null where they follow from the type. */
  fields: (string | null)[] | null = null;
  private named: PlainNode[] | null = null;

  constructor(
    readonly kind: NodeType,
    readonly startIndex: number,
  ) {}

  get type(): string {
    return this.kind.name;
  }

  get isNamed(): boolean {
    return this.kind.isNamed;
  }

  get namedChildren(): readonly PlainNode[] {
    if (!this.kind.keepsSigns) {
      return this.children;
    }
    this.named ??= this.children.filter((one) => one.kind.isNamed);
    return this.named;
  }

  childForFieldName(name: string): PlainNode | null {
    if (this.fields !== null) {
      return this.children[this.fields.indexOf(name)] ?? null;
    }
    if (name === 'operator') {
      return this.children.find((one) => !one.kind.isNamed) ?? null;
    }
    return this.namedChildren[this.kind.fields.indexOf(name)] ?? null;
  }
}

/** Copies trees of one parser. */
export class TreeCopier {
  /** By their ids, which are the parser's. */
  private readonly types: NodeType[] = [];
  private error: NodeType | null = null;

  /** The whole tree but comments; of the signs between named nodes only those that lowering asks for. */
  copy(tree: SyntaxTree): ReadableNode {
    const { hasError } = tree.root;
    return tree.walk((cursor) => this.node(cursor, tree.text, hasError, this.typeAt(cursor), -1, 0));
  }

  /** The node at the cursor; `start` where it is known already, else -1. */
  private node(
    cursor: SyntaxCursor,
    text: string,
    hasError: boolean,
    kind: NodeType,
    start: number,
    depth: number,
  ): PlainNode {
    const node = new PlainNode(kind, start < 0 ? cursor.startIndex : start);
    const isWhole = kind.isLeaf ? !hasError : kind.isString && !isFormatted(text, node.startIndex);
    if (isWhole || depth > MAX_DEPTH || !cursor.gotoFirstChild()) {
      node.endIndex = cursor.endIndex;
      return node;
    }
    const ownEdges = hasError || kind.ownEdges;
    const fields: (string | null)[] | null = hasError || kind.asksFields ? [] : null;
    let childStart = ownEdges ? -1 : node.startIndex;
    /** -1 where the last child does not tell it. */
    let end = -1;
    let count = 0;
    do {
      const childKind = this.typeAt(cursor);
      end = -1;
      if (childKind.isNamed) {
        if (!childKind.isLeftOut) {
          fields?.push(cursor.currentFieldName ?? null);
          const child = this.node(cursor, text, hasError, childKind, childStart, depth + 1);
          node.children.push(child);
          end = child.endIndex;
          count += 1;
        }
      } else if (kind.keepsSigns) {
        fields?.push(cursor.currentFieldName ?? null);
        const sign = new PlainNode(childKind, childStart < 0 ? cursor.startIndex : childStart);
        sign.endIndex = cursor.endIndex;
        node.children.push(sign);
      }
      childStart = -1;
      if (!hasError && (count === kind.lastAfter || (childKind.isCloser && kind.isBracketed))) {
        break;
      }
    } while (cursor.gotoNextSibling());
    cursor.gotoParent();
    node.endIndex = end < 0 || ownEdges ? cursor.endIndex : end;
    node.fields = fields;
    return node;
  }

  private typeAt(cursor: SyntaxCursor): NodeType {
    const id = cursor.nodeTypeId;
    if (id >= ERROR_TYPE) {
      this.error ??= nodeType(cursor);
      return this.error;
    }
    let found = this.types[id];
    if (found === undefined) {
      found = nodeType(cursor);
      this.types[id] = found;
    }
    return found;
  }
}

/** The ids of grammars begin at 0; that of errors is far behind them. */
const ERROR_TYPE = 0xffff;

function nodeType({ nodeType: name, nodeIsNamed: isNamed }: SyntaxCursor): NodeType {
  const fields = (isNamed ? FIELDS[name] : undefined) ?? [];
  return {
    name,
    isNamed,
    isLeaf: !isNamed || LEAVES.has(name),
    isString: name === 'string',
    isLeftOut: LEFT_OUT.has(name),
    isCloser: name === ')' || name === ']' || name === '}',
    isBracketed: BRACKETED.has(name),
    keepsSigns: isNamed && SIGNS_MATTER.has(name),
    ownEdges: OWN_EDGES.has(name),
    asksFields: fields.length === 0 && !BRACKETED.has(name) && !WITHOUT_FIELDS.has(name),
    fields,
    lastAfter: ENDS_WITH_FIELDS.has(name) ? fields.length : -1,
  };
}
