/** What a click runs: the recipe of the class's own file, else that of a model elsewhere in the workspace which holds the class. */

import type { OpenFile } from '../documents';
import type { ClassRef, ParsedFile } from '../model/moduleClass';
import { type PlannedRecipe, recipeFor } from '../recipe/plannedRecipe';
import { type Structure, structureOf } from '../source/structure';
import type { ServerState } from '../state';

export interface CaptureTarget {
  /** The file that is run. */
  readonly file: string;
  readonly planned: PlannedRecipe;
  /** Why the recipe can't run as it stands; null where it may. */
  readonly missing: string | null;
}

/** `className` null stands for the file's root class; `owner` is set where the class stands in another file. Null where nothing could be run. */
export function captureTarget(
  state: ServerState,
  open: OpenFile,
  className: string | null,
  owner: ClassRef | null = null,
): CaptureTarget | null {
  const own = owner === null ? targetIn(open.file, open.parsed, className) : null;
  if (own !== null && own.missing === null && !own.planned.needsArguments) {
    return own;
  }
  const ref = owner ?? (own === null || className === null ? null : { file: open.file, className });
  return (ref === null ? null : elsewhere(state, ref)) ?? own;
}

/** The model that ran last goes before others, one with a comment before one without. */
function elsewhere(state: ServerState, ref: ClassRef): CaptureTarget | null {
  // Models of the class's own file were looked at before.
  const places = state.index.graph.places(ref).filter(({ root }) => root.file !== ref.file);
  const roots = [...new Map(places.map(({ root }) => [`${root.file}#${root.className}`, root])).values()];
  const targets = roots.flatMap((root): CaptureTarget[] => {
    const parsed = state.index.parsed(root);
    const target = parsed === null ? null : targetIn(root.file, parsed, root.className);
    return target === null || target.missing !== null || target.planned.needsArguments ? [] : [target];
  });
  const last = state.captures.latest()?.capture;
  return (
    targets.find((one) => one.file === last?.file && one.planned.className === last.className) ??
    targets.find((one) => one.planned.source === 'directive') ??
    targets[0] ??
    null
  );
}

const targetsOf = new WeakMap<Structure, Map<string | null, CaptureTarget | null>>();

/** Worked out once for what is known of a file: every lens of a class asks. */
function targetIn(file: string, parsed: ParsedFile, className: string | null): CaptureTarget | null {
  const structure = structureOf(parsed);
  const known = targetsOf.get(structure) ?? new Map<string | null, CaptureTarget | null>();
  targetsOf.set(structure, known);
  let target = known.get(className);
  if (target === undefined) {
    const planned = recipeFor(parsed, className);
    target = planned === null ? null : { file, planned, missing: missingRecipe(planned) };
    known.set(className, target);
  }
  return target;
}

/** Why the recipe can't run as it stands, told without running anything; null where it may. */
function missingRecipe(planned: PlannedRecipe): string | null {
  return planned.expression !== null && /=\s*\.\.\.\s*[,)]/.test(planned.expression)
    ? `Fill in the "..." of the recipe of ${planned.className}, then capture again.`
    : null;
}
