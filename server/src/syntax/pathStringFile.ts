/** The layer paths in the strings of a file, with the lines they stand on. */

import type { PathString } from '../model/pathString';
import { rangeIn } from './lineIndex';
import { quoted } from './pathLiterals';
import { pathStringsIn } from './pathStrings';
import type { RawPathString } from './pathUses';
import { mayHavePaths } from './pathWords';
import type { FunctionNode, Statement } from './python/ast';
import type { SourceFile } from './sourceFile';
import type { Unit } from './unit';

/** A string that is still being typed ends where its line does. Units without such strings are not parsed. */
export function pathStringsOf(source: SourceFile): PathString[] {
  const functions = peekingFunctions(source);
  return source.units.flatMap((placed) => {
    const { unit } = placed;
    return rawStrings(unit, functions).flatMap(({ literal, names, relation, certain, model }): PathString[] => {
      const content = quoted(literal, unit.text);
      if (content === null) {
        return [];
      }
      return [
        {
          text: content.text,
          range: rangeIn(placed, content.span.start, content.span.end),
          literal: content.literal,
          names,
          relation,
          certain,
          model:
            model === null
              ? null
              : {
                  text: unit.text.slice(model.start, model.end),
                  range: rangeIn(placed, model.start, model.end),
                },
        },
      ];
    });
  });
}

/** Functions of the file that take a layer's path, by name. */
function peekingFunctions(source: SourceFile): Map<string, FunctionNode> {
  const found = source.units.flatMap(({ unit }) =>
    unit.kind !== 'code' && TAKES_PATH.test(unit.text) ? unit.statements.flatMap(functionsIn) : [],
  );
  return new Map(found.map((one) => [one.name, one]));
}

function functionsIn(statement: Statement): FunctionNode[] {
  return statement.kind === 'function'
    ? [statement]
    : statement.kind === 'class'
      ? statement.body.filter((one): one is FunctionNode => one.kind === 'function')
      : [];
}

const known = new WeakMap<Unit, readonly RawPathString[]>();

function rawStrings(unit: Unit, functions: ReadonlyMap<string, FunctionNode>): readonly RawPathString[] {
  if ([...functions.keys()].some((name) => unit.text.includes(name))) {
    return pathStringsIn(unit.statements, unit.text, functions);
  }
  let found = known.get(unit);
  if (found === undefined) {
    found = mayHavePaths(unit.text) ? pathStringsIn(unit.statements, unit.text) : [];
    known.set(unit, found);
  }
  return found;
}

const TAKES_PATH = /(?:layer|module|submodule)_(?:name|path)|(?:target|feature|hook|return)_layer/i;
