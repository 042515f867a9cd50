/** How a class will be built and called, as far as its file tells. Pure. */

import type { ModuleClass, ParsedFile } from '../model/moduleClass';
import type { RecipeSource } from '../protocol/helperMessages.generated';
import { rootClasses, rootsOf } from '../source/classGraph';

export interface PlannedRecipe {
  /** The class that is run: the one asked for, or a root that contains it. */
  readonly className: string;
  /** Model and call, where a directive gives both; null leaves the inputs to inference. */
  readonly expression: string | null;
  /** Expressions that may build the model, in the order in which to try them. */
  readonly construct: readonly string[];
  readonly source: RecipeSource;
  /** For a lens: `SimpleModel()(inferred input)`. */
  readonly label: string;
  /** Other classes that could have been meant where none was named. */
  readonly otherRoots: readonly string[];
}

/**
 * The recipe for a module class; with null for the file's root class: the only one, else one with a directive, else the last that builds without arguments.
 * null where the file has no such class.
 */
export function recipeFor(file: ParsedFile, className: string | null): PlannedRecipe | null {
  if (className === null) {
    const roots = rootClasses(file);
    const root =
      roots.find((one) => directiveOf(file, one) !== null) ?? roots.findLast((one) => builds(file, one)) ?? roots.at(-1);
    return root === undefined ? null : planned(file, root, roots.filter((one) => one !== root).map((one) => one.name));
  }
  const asked = file.classes.find((one) => one.name === className);
  if (asked === undefined) {
    return null;
  }
  if (directiveOf(file, asked) !== null) {
    return planned(file, asked, []);
  }
  const roots = rootsOf(file, className);
  const root =
    roots.find((one) => directiveOf(file, one) !== null) ??
    roots.find((one) => builds(file, one)) ??
    (builds(file, asked) ? asked : roots[0]) ??
    asked;
  return planned(file, root, []);
}

function planned(file: ParsedFile, root: ModuleClass, otherRoots: readonly string[]): PlannedRecipe {
  const expression = directiveOf(file, root);
  if (expression !== null) {
    return { className: root.name, expression, construct: [], source: 'directive', label: expression, otherRoots };
  }
  const candidates = constructions(file, root);
  const [first] = candidates;
  const construct = candidates.length > 0 ? candidates.map((one) => one.expression) : [`${root.name}()`];
  const label = first === undefined ? `${root.name}(...): add a recipe` : `${first.expression}(inferred input)`;
  return { className: root.name, expression: null, construct, source: first?.source ?? 'defaults', label, otherRoots };
}

function directiveOf(file: ParsedFile, owner: ModuleClass): string | null {
  return file.directives.find((one) => one.className === owner.name)?.expression ?? null;
}

function builds(file: ParsedFile, owner: ModuleClass): boolean {
  return constructions(file, owner).length > 0;
}

interface Construction {
  readonly expression: string;
  readonly source: RecipeSource;
}

/** Everything that builds the class without knowledge from outside the file. */
function constructions(file: ParsedFile, owner: ModuleClass): Construction[] {
  const own = ownConstruction(file, owner);
  const factories = file.factories
    .filter((one) => one.className === owner.name)
    .map((one) => ({ expression: `${one.name}()`, source: 'factory' as const }));
  return [...(own === null ? [] : [own]), ...factories];
}

/** `Net()`, or `Net(Config())` where every required parameter is annotated with a class that builds without arguments. */
function ownConstruction(file: ParsedFile, owner: ModuleClass): Construction | null {
  const parameters = parametersOf(file, owner, new Set());
  if (parameters === null) {
    return null;
  }
  const required = parameters.filter(
    (one) => one.defaultValue === null && (one.kind === 'positional' || one.kind === 'keywordOnly'),
  );
  const texts: string[] = [];
  for (const parameter of required) {
    const config = file.plainClasses.find((one) => one.buildsWithoutArguments && one.name === bareName(parameter.annotation));
    if (config === undefined) {
      return null;
    }
    texts.push(parameter.kind === 'keywordOnly' ? `${parameter.name}=${config.name}()` : `${config.name}()`);
  }
  return { expression: `${owner.name}(${texts.join(', ')})`, source: 'defaults' };
}

/** The constructor's parameters, inherited ones included; none where no class of the file writes a constructor; null on a circle of bases. */
function parametersOf(file: ParsedFile, owner: ModuleClass, seen: Set<string>): ModuleClass['constructorParameters'] {
  if (owner.constructorParameters !== null) {
    return owner.constructorParameters;
  }
  if (seen.has(owner.name)) {
    return null;
  }
  seen.add(owner.name);
  const base = file.classes.find((one) => owner.bases.includes(one.name));
  return base === undefined ? [] : parametersOf(file, base, seen);
}

/** `"GPTConfig"`, `Optional[GPTConfig]` and `GPTConfig` name the same class. */
function bareName(annotation: string | null): string | null {
  return annotation?.replace(/^Optional\[(.*)\]$/, '$1').replaceAll(/["']/g, '').trim() ?? null;
}
