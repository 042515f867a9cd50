/** Expressions that may build a class without being told how. Pure. */

import type { ModuleClass, Parameter, ParsedFile } from '../model/moduleClass';
import { recipeFacts } from './recipeFacts';

export interface ConstructCandidates {
  readonly expressions: readonly string[];
  readonly source: 'factory' | 'defaults';
}

/** Factories that need no arguments; the class by its defaults; with configurations of the file; else the bare call. */
export function constructCandidates(parsed: ParsedFile, of: ModuleClass): ConstructCandidates {
  const factories = (recipeFacts(parsed).factories.get(of.name) ?? []).map((factory) => `${factory.name}()`);
  const required = requiredParameters(parsed, of);
  const own = required.length === 0 ? [`${of.name}()`] : withConfigurations(parsed, of, required);
  // A class that builds by its defaults says itself what it is; functions are variants of it.
  const expressions = required.length === 0 ? [...own, ...factories] : [...factories, ...own];
  return {
    expressions: expressions.length > 0 ? expressions : [`${of.name}()`],
    source: factories.length > 0 && required.length > 0 ? 'factory' : 'defaults',
  };
}

/** True where only the user can say how the class is built. */
export function needsArguments(parsed: ParsedFile, of: ModuleClass): boolean {
  const required = requiredParameters(parsed, of);
  return (
    required.length > 0 &&
    withConfigurations(parsed, of, required).length === 0 &&
    !recipeFacts(parsed).factories.has(of.name)
  );
}

/** Parameters without default of the constructor that the class has: its own, else the nearest inherited one. */
export function requiredParameters(parsed: ParsedFile, of: ModuleClass): readonly Parameter[] {
  const { classes: byName } = recipeFacts(parsed);
  const classes = [of, ...of.lineage.flatMap((name) => byName.get(name) ?? [])];
  const parameters = classes.find((one) => one.constructorParameters !== null)?.constructorParameters ?? [];
  return parameters.filter(
    (one) => one.defaultValue === null && (one.kind === 'positional' || one.kind === 'keywordOnly'),
  );
}

function withConfigurations(parsed: ParsedFile, of: ModuleClass, required: readonly Parameter[]): string[] {
  const { configurations } = recipeFacts(parsed);
  const args = required.map((parameter) => {
    const name = annotatedClass(parameter);
    return name !== null && configurations.has(name)
      ? `${parameter.kind === 'keywordOnly' ? `${parameter.name}=` : ''}${name}()`
      : null;
  });
  return args.includes(null) ? [] : [`${of.name}(${args.join(', ')})`];
}

/** `Config`, `"Config"` or `Optional[Config]`. */
function annotatedClass(parameter: Parameter): string | null {
  const match = /^(?:Optional\[)?["']?(?<name>[\p{L}_][\p{L}\p{N}_.]*)["']?\]?$/u.exec(parameter.annotation ?? '');
  return match?.groups?.name ?? null;
}
