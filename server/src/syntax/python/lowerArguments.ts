/** What stands in the brackets of definitions and calls: parameters and arguments. */

import type { ReadableNode } from '../parser';
import type { Argument, FormalParameter } from './ast';
import type { ExpressionLowering } from './lowerExpression';

/** Parameters of a `parameters` or `lambda_parameters` node. */
export function parametersIn(node: ReadableNode, expressions: ExpressionLowering): FormalParameter[] {
  const found: FormalParameter[] = [];
  let afterStar = false;
  const add = (name: ReadableNode | null, annotation: ReadableNode | null, value: ReadableNode | null): void => {
    if (name === null) {
      return;
    }
    const stars = /^\**/.exec(expressions.source(name))?.[0].length ?? 0;
    afterStar ||= stars === 1;
    found.push({
      name: expressions.source(name).replace(/^\*+\s*/, ''),
      annotation: annotation === null ? null : expressions.expression(annotation),
      defaultValue: value === null ? null : expressions.expression(value),
      kind: stars === 1 ? 'variadic' : stars === 2 ? 'keywordVariadic' : afterStar ? 'keywordOnly' : 'positional',
    });
  };
  for (const child of node.namedChildren) {
    switch (child.type) {
      case 'identifier':
      case 'list_splat_pattern':
      case 'dictionary_splat_pattern':
        add(child, null, null);
        break;
      case 'typed_parameter':
        add(child.namedChildren[0] ?? null, child.childForFieldName('type'), null);
        break;
      case 'default_parameter':
      case 'typed_default_parameter':
        add(child.childForFieldName('name'), child.childForFieldName('type'), child.childForFieldName('value'));
        break;
      case 'keyword_separator':
        afterStar = true;
        break;
    }
  }
  return found;
}

/** Arguments of a `call` node. */
export function callArguments(node: ReadableNode, expressions: ExpressionLowering): Argument[] {
  const list = node.childForFieldName('arguments');
  if (list === null) {
    return [];
  }
  return list.type === 'generator_expression'
    ? [{ name: null, stars: 0, value: expressions.expression(list) }]
    : argumentsIn(list, expressions);
}

/** Arguments of a call's list or of a class statement's `superclasses`. */
export function argumentsIn(list: ReadableNode, expressions: ExpressionLowering): Argument[] {
  return list.namedChildren.flatMap((child): Argument[] => {
    switch (child.type) {
      case 'comment':
      case 'line_continuation':
      case 'ERROR':
        return [];
      case 'keyword_argument': {
        const name = child.childForFieldName('name');
        const value = expressions.field(child, 'value');
        return [{ name: name === null ? '' : expressions.source(name), stars: 0, value }];
      }
      case 'list_splat':
        return [{ name: null, stars: 1, value: expressions.inner(child) }];
      case 'dictionary_splat':
        return [{ name: null, stars: 2, value: expressions.inner(child) }];
      default:
        return [{ name: null, stars: 0, value: expressions.expression(child) }];
    }
  });
}
