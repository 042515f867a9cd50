/** Turns "capture this class" into a request for the helper. Pure. */

import type { LayerDefinition, ParsedFile } from '../model/moduleClass';
import type { CaptureRequest, Mode, Selection } from '../protocol/helperMessages.generated';
import type { PlannedRecipe } from './plannedRecipe';

/** What is run: a planned recipe, or one that was given for a file without module classes. */
export type GivenRecipe = Pick<PlannedRecipe, 'expression' | 'construct' | 'source'> & {
  readonly className: string | null;
};

export interface RequestFacts {
  readonly file: string;
  readonly workspaceRoot: string | null;
  readonly planned: GivenRecipe;
  readonly mode: Mode;
  readonly select: Selection | null;
  /** Unsaved texts by absolute path. */
  readonly overlays: ReadonlyMap<string, string>;
}

export function captureRequest(facts: RequestFacts): CaptureRequest {
  const { planned } = facts;
  return {
    file: facts.file,
    workspaceRoot: facts.workspaceRoot,
    className: planned.className,
    recipe: { expression: planned.expression, construct: [...planned.construct], source: planned.source },
    mode: facts.mode,
    select: facts.select,
    overlays: [...facts.overlays].map(([file, text]) => ({ file, text })),
  };
}

/** The definitions that start on a 1-based line, those inside of others on it left out. */
export function definitionsOnLine(parsed: ParsedFile, line: number): LayerDefinition[] {
  return parsed.classes.flatMap((owner) => owner.definitions.filter((one) => one.range.line === line));
}

/** Hooks what is defined on the line; null where nothing is. */
export function selectLine(parsed: ParsedFile, file: string, line: number): Selection | null {
  const lines = definitionsOnLine(parsed, line).map((one) => ({
    file,
    line: one.range.line,
    endLine: one.range.endLine,
  }));
  return lines.length === 0 ? null : { paths: [], lines };
}
