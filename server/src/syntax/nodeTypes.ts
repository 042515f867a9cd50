/** What copying a tree has to know of the types of nodes in tree-sitter's grammar of Python. */

import type { SyntaxCursor } from './parser';

export interface NodeType {
  readonly name: string;
  readonly isNamed: boolean;
  /** Its children are not asked for. */
  readonly isLeaf: boolean;
  /** A leaf that ends where letters, digits and underscores end. */
  readonly isWord: boolean;
  readonly isString: boolean;
  /** It can stand between any children of any node, and nobody asks for it. */
  readonly isLeftOut: boolean;
  /** Its first child is an opening bracket. */
  readonly opens: boolean;
  /** Its last child is a closing bracket. */
  readonly closes: boolean;
  /** The signs between its named children are asked for. */
  readonly keepsSigns: boolean;
  /** Signs, single or followed by `=`, that begin no named child of it. */
  readonly separators: string;
  /** Signs one of which follows each named child but the last; empty where that is not known. */
  readonly continuesWith: string;
  /** The first child begins where it does, blanks between children mean nothing. */
  readonly tight: boolean;
  /** Of its named children in order; null where that does not tell. */
  readonly fields: readonly string[] | null;
  /** Where they follow from the types of the children instead. */
  readonly fieldsByChild: FieldsByChild | null;
  /** Number of named children behind which there are no further children; 0 where that is not known. */
  readonly lastAfter: number;
}

export interface FieldsByChild {
  /** Of the first child. */
  readonly first?: string;
  /** Of others by their types. */
  readonly byType?: Readonly<Record<string, string>>;
  /** Of all others. */
  readonly other?: string;
}

/** All of it holds for trees without errors only. */
export function nodeType({ nodeType: name, nodeIsNamed: isNamed }: SyntaxCursor): NodeType {
  const opens = isNamed && OPENS.has(name);
  const fields = isNamed ? FIELDS[name] : [];
  return {
    name,
    isNamed,
    isLeaf: !isNamed || LEAVES.has(name),
    isWord: isNamed && WORDS.has(name),
    isString: name === 'string',
    isLeftOut: LEFT_OUT.has(name),
    opens,
    closes: opens || name === 'subscript',
    keepsSigns: isNamed && SIGNS_MATTER.has(name),
    separators: name === 'attribute' ? '.' : name === 'interpolation' || name === 'string' ? '' : ',=:',
    continuesWith: CONTINUES_WITH[name] ?? '',
    tight: name !== 'module' && name !== 'block' && name !== 'string',
    fields: fields ?? (opens || WITHOUT_FIELDS.has(name) ? [] : null),
    fieldsByChild: (isNamed ? FIELDS_BY_CHILD[name] : undefined) ?? null,
    lastAfter: LAST_AFTER[name] ?? 0,
  };
}

const WORDS = new Set(['false', 'identifier', 'none', 'true']);

const LEAVES = new Set([
  ...WORDS,
  'break_statement',
  'comment',
  'continue_statement',
  'dotted_name',
  'ellipsis',
  'float',
  'format_specifier',
  'integer',
  'pass_statement',
  'raise_statement',
  'slice',
  'string_content',
  'string_end',
  'string_start',
]);

const LEFT_OUT = new Set(['comment', 'line_continuation']);

const OPENS = new Set([
  'argument_list',
  'dictionary',
  'list',
  'parameters',
  'parenthesized_expression',
  'set',
  'tuple',
]);

const SIGNS_MATTER = new Set([
  'augmented_assignment',
  'binary_operator',
  'boolean_operator',
  'class_definition',
  'comparison_operator',
  'unary_operator',
  'yield',
]);

const CONTINUES_WITH: Readonly<Record<string, string>> = {
  assignment: '=:',
  expression_list: ',',
  expression_statement: ',',
  pattern_list: ',',
};

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

const FIELDS_BY_CHILD: Readonly<Record<string, FieldsByChild>> = {
  assignment: { first: 'left', byType: { type: 'type' }, other: 'right' },
  case_clause: { byType: { block: 'consequence' } },
  class_definition: { first: 'name', byType: { argument_list: 'superclasses', block: 'body' } },
  decorated_definition: { byType: { class_definition: 'definition', function_definition: 'definition' } },
  function_definition: { first: 'name', byType: { block: 'body', parameters: 'parameters', type: 'return_type' } },
  import_from_statement: { first: 'module_name', other: 'name' },
  lambda: { byType: { lambda_parameters: 'parameters' }, other: 'body' },
  try_statement: { byType: { block: 'body' } },
  typed_parameter: { byType: { type: 'type' } },
  with_statement: { byType: { block: 'body' } },
};

const WITHOUT_FIELDS = new Set([
  'block',
  'comparison_operator',
  'concatenated_string',
  'else_clause',
  'except_clause',
  'finally_clause',
  'generic_type',
  'if_clause',
  'lambda_parameters',
  'tuple_pattern',
  'type_parameter',
  'conditional_expression',
  'decorator',
  'delete_statement',
  'dictionary_splat',
  'expression_list',
  'expression_statement',
  'list_splat',
  'module',
  'pattern_list',
  'return_statement',
  'string',
  'subscript',

  'type',
  'with_clause',
]);

const LAST_AFTER: Readonly<Record<string, number>> = {
  aliased_import: 2,
  attribute: 2,
  augmented_assignment: 2,
  binary_operator: 2,
  boolean_operator: 2,
  call: 2,
  conditional_expression: 3,
  default_parameter: 2,
  delete_statement: 1,
  dictionary_splat: 1,
  elif_clause: 2,
  else_clause: 1,
  if_clause: 1,
  keyword_argument: 2,
  list_splat: 1,
  named_expression: 2,
  not_operator: 1,
  pair: 2,
  return_statement: 1,
  type: 1,
  typed_default_parameter: 3,
  unary_operator: 1,
};
