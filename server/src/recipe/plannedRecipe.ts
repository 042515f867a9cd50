/** How a class will be built and called, as far as its file tells. Pure. */

import type { ModuleClass, ParsedFile } from '../model/moduleClass';
import type { RecipeSource } from '../protocol/helperMessages.generated';
import { reaches, rootClasses } from '../source/rootClasses';
import { constructCandidates, needsArguments } from './constructCandidates';
import { recipeFacts } from './recipeFacts';

export interface PlannedRecipe {
  /** The class that is run: the one asked for, or a root that contains it. */
  readonly className: string;
  /** Model and call, where a directive gives both; null leaves the inputs to inference. */
  readonly expression: string | null;
  /** Expressions that may build the model, in the order in which to try them. */
  readonly construct: readonly string[];
  readonly source: RecipeSource;
  /** True where only a guess, or the workspace's code, can tell how the class is built. */
  readonly needsArguments: boolean;
  /** How the class is built, as far as that holds in any case: `SimpleModel()`, `ResNet(...)`; the whole expression where there is one. */
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
      roots.find((one) => directiveOf(file, one) !== null) ??
      roots.findLast((one) => builds(file, one)) ??
      roots.at(-1);
    return root === undefined
      ? null
      : planned(
          file,
          root,
          roots.filter((one) => one !== root).map((one) => one.name),
        );
  }
  const asked = recipeFacts(file).classes.get(className);
  if (asked === undefined) {
    return null;
  }
  if (directiveOf(file, asked) !== null) {
    return planned(file, asked, []);
  }
  const roots = rootClasses(file).filter((one) => one === asked || reaches(file, one, className));
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
    const label = expression;
    return {
      className: root.name,
      expression,
      construct: [],
      source: 'directive',
      needsArguments: false,
      label,
      otherRoots,
    };
  }
  const { expressions, source } = constructCandidates(file, root);
  const label = `${root.name}(${root.constructorParameters?.length === 0 ? '' : '...'})`;
  return {
    className: root.name,
    expression: null,
    construct: expressions,
    source,
    needsArguments: !builds(file, root),
    label,
    otherRoots,
  };
}

function directiveOf(file: ParsedFile, owner: ModuleClass): string | null {
  return recipeFacts(file).directives.get(owner.name) ?? null;
}

function builds(file: ParsedFile, owner: ModuleClass): boolean {
  return !needsArguments(file, owner);
}

/** The same class by an expression that stands elsewhere: in the project's settings. */
export function withExpression(planned: PlannedRecipe, expression: string): PlannedRecipe {
  return { ...planned, expression, construct: [], source: 'settings', needsArguments: false, label: expression };
}
