/** Whether a capture still ran what its class's recipe says. Pure. */

import type { ParsedFile } from '../model/moduleClass';
import type { Capture } from '../protocol/helperMessages.generated';
import { recipeFor } from './plannedRecipe';

/** True where the directive of the captured class now says something else than what ran, or is gone. */
export function recipeChanged(file: ParsedFile, capture: Capture): boolean {
  if (capture.className === null) {
    return false;
  }
  const now = recipeFor(file, capture.className);
  return now?.source === 'directive'
    ? now.expression !== capture.recipe.expression
    : capture.recipe.source === 'directive';
}
