/** What a lens says of a recipe before it has run. Pure. */

import type { PlacedRecipe } from '../source/mapper';
import type { PlannedRecipe } from './plannedRecipe';

/**
 * A whole call of the class's own file goes before all but a comment. Where there is none, the click looks through the workspace, so that only
 * what holds in any case is told: how a class without parameters is built.
 * @param own constructions and calls that stand in the class's own file
 */
export function recipeLabel(
  { expression, needsArguments, label }: Pick<PlannedRecipe, 'expression' | 'needsArguments' | 'label'>,
  own: readonly Pick<PlacedRecipe, 'expression' | 'calls'>[],
): string {
  const call = expression ?? own.find((one) => one.calls)?.expression;
  if (call !== undefined) {
    return call;
  }
  const construction = needsArguments ? own[0]?.expression : undefined;
  return `${construction ?? label}(from the workspace's code or inferred)`;
}
