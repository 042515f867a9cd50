/** Turns "capture this class" into a request for the helper. Pure. */

import type { LayerDefinition } from '../model/moduleClass';
import type { CaptureRequest, FoundRecipe, Mode, Selection } from '../protocol/helperMessages.generated';
import type { PlannedRecipe } from './plannedRecipe';

/** What is run: a planned recipe, or one that was given for a file without module classes. */
export type GivenRecipe = Pick<PlannedRecipe, 'expression' | 'construct' | 'source'> & {
  readonly className: string | null;
};

export interface RequestFacts {
  readonly file: string;
  readonly workspaceRoot: string | null;
  readonly planned: GivenRecipe;
  /** Constructions and calls of the workspace's code, for a class whose recipe nobody wrote. */
  readonly found?: readonly FoundRecipe[];
  /** True where the project wants configurations of libraries made small. */
  readonly small?: boolean;
  readonly mode: Mode;
  readonly select: Selection | null;
  /** Unsaved texts by absolute path. */
  readonly overlays: ReadonlyMap<string, string>;
  /** The most memory the run may take, in GB; 0 leaves it to the helper, which knows what the machine has free. */
  readonly memoryLimitGB: number;
}

export function captureRequest(facts: RequestFacts): CaptureRequest {
  const { planned, found = [] } = facts;
  return {
    file: facts.file,
    workspaceRoot: facts.workspaceRoot,
    className: planned.className,
    recipe: {
      expression: planned.expression,
      construct: [...planned.construct],
      ...(found.length === 0 ? {} : { found: [...found] }),
      ...(facts.small === true ? { small: true } : {}),
      source: planned.source,
    },
    mode: facts.mode,
    select: facts.select,
    overlays: [...facts.overlays].map(([file, text]) => ({ file, text })),
    ...(facts.memoryLimitGB > 0 ? { memoryBytes: Math.ceil(facts.memoryLimitGB * 2 ** 30) } : {}),
  };
}

/** Hooks what stands at these definitions of a file; null where there are none. */
export function selectLines(definitions: readonly LayerDefinition[], file: string): Selection | null {
  const lines = definitions.map(({ range }) => ({ file, line: range.line, endLine: range.endLine }));
  return lines.length === 0 ? null : { paths: [], lines };
}
