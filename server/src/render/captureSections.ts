/** The recipe and the provenance, as every view of a capture ends. Pure. */

import type { Capture } from '../protocol/helperMessages.generated';
import { provenanceText, recipeOrigin } from './errorText';

/** Markdown sections. */
export function captureSections(capture: Capture): string[] {
  const recipe =
    capture.recipe.expression === null ? [] : [`\`${capture.recipe.expression}\` ${recipeOrigin(capture.recipe)}`];
  const findings = (capture.findings ?? []).map(({ message }) => `**${message}**`);
  return [
    '---',
    ...recipe,
    ...findings,
    ...capture.notes.map((note) => `*${note}*`),
    `<small>${provenanceText(capture)}</small>`,
  ];
}
