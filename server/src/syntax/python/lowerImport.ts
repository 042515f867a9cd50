/** Import statements. */

import type { ReadableNode } from '../parser';
import type { Statement } from './ast';
import type { ExpressionLowering } from './lowerExpression';

/** `import a, b.c as d`: a statement for each module. */
export function importsIn(node: ReadableNode, expressions: ExpressionLowering): Statement[] {
  return node.namedChildren.flatMap((child): Statement[] => {
    const { name, alias } = imported(child, expressions);
    return name === '' ? [] : [{ ...expressions.span(node), kind: 'import', module: name, alias }];
  });
}

/** `from a import b as c`. */
export function importFrom(node: ReadableNode, expressions: ExpressionLowering): Statement {
  const module = node.childForFieldName('module_name');
  const names = node.namedChildren
    .filter((one) => one.startIndex !== module?.startIndex)
    .map((one) => imported(one, expressions))
    .filter((one) => one.name !== '');
  return {
    ...expressions.span(node),
    kind: 'importFrom',
    module: module === null ? '' : expressions.source(module).replace(/\s/g, ''),
    names,
    star: node.namedChildren.some((one) => one.type === 'wildcard_import'),
  };
}

function imported(node: ReadableNode, expressions: ExpressionLowering): { name: string; alias: string | null } {
  if (node.type === 'aliased_import') {
    const [name, alias] = [node.childForFieldName('name'), node.childForFieldName('alias')];
    return {
      name: name === null ? '' : expressions.source(name),
      alias: alias === null ? null : expressions.source(alias),
    };
  }
  return { name: node.type === 'dotted_name' ? expressions.source(node).replace(/\s/g, '') : '', alias: null };
}
