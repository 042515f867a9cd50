/** Classes that are no modules: configurations that a constructor may ask for. */

import type { ClassFacts } from './classFacts';
import type { FileClass } from './fileClass';
import { optionsOf } from './values';

/** True where `Name()` needs no arguments, as far as the source tells. */
export function buildsWithoutArguments(facts: ClassFacts, of: FileClass): boolean {
  const init = facts.method(of, '__init__');
  if (init !== null) {
    return init.node.parameters
      .slice(1)
      .every((one) => one.defaultValue !== null || one.kind === 'variadic' || one.kind === 'keywordVariadic');
  }
  const lineage = facts.lineage(of);
  const externals = facts.externalBases(of);
  const isRecord =
    lineage.some((one) => one.node.decorators.some(isDataclass)) || externals.includes('typing.NamedTuple');
  if (isRecord) {
    return lineage.every((one) =>
      one.node.body.every(
        (statement) =>
          statement.kind !== 'declare' || statement.value !== null || isClassVariable(statement.annotation),
      ),
    );
  }
  const unseen = lineage.some((one) => one.bases.flatMap(optionsOf).some((base) => base.kind !== 'class'));
  return !unseen || externals.every((path) => path === 'builtins.object');
}

function isDataclass(decorator: FileClass['node']['decorators'][number]): boolean {
  const named = decorator.kind === 'call' ? decorator.callee : decorator;
  return (named.kind === 'name' || named.kind === 'attribute') && named.name === 'dataclass';
}

function isClassVariable(annotation: FileClass['node']['decorators'][number]): boolean {
  return (
    annotation.kind === 'subscript' &&
    (annotation.object.kind === 'name' || annotation.object.kind === 'attribute') &&
    annotation.object.name === 'ClassVar'
  );
}
