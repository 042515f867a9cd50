/** Which constructions and calls of the workspace's code are tried for a class, and in which order. Pure. */

import type { FoundRecipe } from '../protocol/helperMessages.generated';
import type { PlacedRecipe } from '../source/mapper';

const MOST_CALLS = 5;
const MOST_CONSTRUCTIONS = 3;
/** Milliseconds of looking through files. */
const LIMIT = 150;

/** Files that are likely to show how a model is used: near the class, and named for trying it out. */
export function likelyFirst(files: Iterable<string>, file: string): string[] {
  const folder = file.slice(0, Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1);
  const rank = (one: string): number =>
    (one.startsWith(folder) ? 0 : 2) +
    (/(?:test|main|train|example|demo|run|infer|eval)/i.test(one.slice(-40)) ? 0 : 1);
  return [...files]
    .map((one) => ({ one, at: rank(one) }))
    .sort((a, b) => a.at - b.at)
    .map(({ one }) => one);
}

/**
 * Whole calls first. `needsArguments` tells that the class can't be built without being told how: only then is a construction of more use than
 * its defaults. `shown` writes a file's path for the reader, `now` tells milliseconds.
 */
export function workspaceRecipes(
  placed: Iterable<PlacedRecipe>,
  needsArguments: boolean,
  shown: (file: string) => string,
  now: () => number,
): FoundRecipe[] {
  const calls: FoundRecipe[] = [];
  const constructions: FoundRecipe[] = [];
  const until = now() + LIMIT;
  for (const { file, line, expression, calls: isCall } of placed) {
    const of = isCall ? calls : constructions;
    if (of.length < (isCall ? MOST_CALLS : MOST_CONSTRUCTIONS)) {
      of.push({ expression, source: 'workspace', place: `${shown(file)}:${line}` });
    }
    if (calls.length === MOST_CALLS || now() > until) {
      break;
    }
  }
  return [...calls, ...(needsArguments ? constructions : [])];
}
