/** "Capture output": plans the request for a click, runs it, tells how it ended. */

import path from 'node:path';
import type { CancellationToken } from 'vscode-jsonrpc';
import type { CaptureService } from '../capture/captureService';
import type { StoredCapture } from '../capture/captureStore';
import type { HelperPool } from '../capture/helperPool';
import { findInterpreters } from '../capture/interpreter';
import { fileUri, type OpenFile } from '../documents';
import { toRange } from '../positions';
import type { CaptureOutcome, CaptureParams, DirectiveEdit, Interpreter } from '../protocol/clientMessages';
import type { Capture, FoundRecipe, Selection } from '../protocol/helperMessages.generated';
import { captureRequest, selectLines } from '../recipe/captureRequest';
import { type PlannedRecipe, withExpression } from '../recipe/plannedRecipe';
import { workspaceRecipes } from '../recipe/workspaceRecipes';
import { errorText } from '../render/errorText';
import type { ServerState } from '../state';
import { projectRecipe, wantsSmall } from '../workspace/projectRecipes';
import { type CaptureTarget, captureTarget } from './captureTarget';
import { needsRecipe } from './diagnostics';
import { directiveEdit } from './directive';
import { definedLines } from './layerPaths';

export interface CaptureTools {
  readonly service: CaptureService;
  readonly pool: HelperPool;
  /** Folder of the Python package. */
  readonly helperFolder: string;
  readonly onProgress: (message: string) => void;
}

const untrusted =
  'Capture is off in Restricted Mode, because it runs the code of this workspace. Trust the workspace to capture ("Workspaces: Manage Workspace Trust").';

/** Runs what a click asks for; never rejects. */
export async function capture(
  state: ServerState,
  open: OpenFile,
  params: CaptureParams,
  tools: CaptureTools,
  token: CancellationToken,
): Promise<{ outcome: CaptureOutcome; stored: StoredCapture | null }> {
  const refuse = (errorKind: string, message: string, directive: DirectiveEdit | null = null) => ({
    outcome: { status: 'failed' as const, message, errorKind, location: null, directive },
    stored: null,
  });
  if (!state.environment.trusted) {
    return refuse('untrusted', untrusted);
  }
  const line = params.line === null ? null : params.line + 1;
  const defined = line === null ? [] : definedLines(state, open).filter((one) => one.line === line);
  const owner = defined.find((one) => one.ref.file !== open.file && params.className === null)?.ref ?? null;
  const target = captureTarget(state, open, params.className, owner);
  if (target === null) {
    return refuse(
      'noClass',
      'No module class was found here. Put the cursor into a class that derives from torch.nn.Module and try again.',
    );
  }
  const { missing } = target;
  const workspaceRoot = state.rootOf(target.file);
  const planned = withProject(target, workspaceRoot);
  if (missing !== null) {
    return refuse('noRecipe', missing, directiveEdit(state, open, planned.className));
  }
  const interpreter = interpreterFor(state, target.file);
  if (interpreter === null) {
    return refuse('noPython', 'No Python interpreter was found. Choose one with "Layer Peek: Choose Interpreter".');
  }
  const definitions = defined.flatMap((one) => one.definitions);
  const { training, gradients, stopEarly } = state.settings.capture;
  const plain = captureRequest({
    file: target.file,
    workspaceRoot,
    planned,
    found: planned.expression === null ? foundRecipes(state, target.file, planned, workspaceRoot) : [],
    small: wantsSmall(target.file, workspaceRoot),
    mode: state.settings.capture.mode,
    select: line === null ? null : (selectLines(definitions, open.file) ?? onLine(defined, line, open.file)),
    overlays: state.documents.unsaved(),
    memoryLimitGB: state.settings.capture.memoryLimitGB,
  });
  const request = { ...plain, training, gradients, stopEarly };
  const stored = await tools.service.run({
    request,
    takeHelper: () => tools.pool.take(helperStart(state, target.file, interpreter, tools.helperFolder)),
    timeoutSeconds: state.settings.capture.timeoutSeconds,
    token,
    onProgress: (progress) => tools.onProgress(progress.message),
  });
  return { outcome: outcomeOf(state, open, stored), stored };
}

/** What a capture before has registered on a line that the source tells nothing of. */
function onLine(defined: readonly unknown[], line: number, file: string): Selection | null {
  return defined.length === 0 ? null : { paths: [], lines: [{ file, line, endLine: line }] };
}

/** The project's own recipe, where the class has no comment. */
function withProject({ file, planned }: CaptureTarget, workspaceRoot: string | null): PlannedRecipe {
  const settings = planned.expression === null ? projectRecipe(file, planned.className, workspaceRoot) : null;
  return settings === null ? planned : withExpression(planned, settings.expression);
}

/** What the workspace's code says of how the class is built and called. */
function foundRecipes(
  state: ServerState,
  file: string,
  { className, needsArguments }: PlannedRecipe,
  workspaceRoot: string | null,
): FoundRecipe[] {
  const shown = (one: string): string => (workspaceRoot === null ? one : path.relative(workspaceRoot, one));
  return workspaceRecipes(state.index.recipesOf({ file, className }), needsArguments, shown, () => performance.now());
}

/** The interpreter that runs this file; null where none is found. */
export function interpreterFor(state: ServerState, file: string): Interpreter | null {
  return interpretersFor(state, file)[0] ?? null;
}

/** All that could run this file, the one in use first. */
export function interpretersFor(state: ServerState, file: string): Interpreter[] {
  return findInterpreters({
    folder: path.dirname(file),
    workspaceRoot: state.rootOf(file),
    configured: state.settings.python.path,
    pythonExtension: state.environment.pythonFromExtension,
  });
}

/** How the helper for this file is started. */
export function helperStart(state: ServerState, file: string, interpreter: Interpreter, helperFolder: string) {
  return { python: interpreter.path, helperFolder, cwd: state.rootOf(file) ?? path.dirname(file) };
}

/** The model ran, but not what was asked for. */
function whyNothing({ uncalled, notes, className }: Capture): string {
  const [first] = uncalled;
  const reason = first === undefined ? notes[0] : `${first.path} was not called: ${first.reason}.`;
  return `${className ?? 'The model'} ran, but no layer of this line did. ${reason ?? ''}`.trim();
}

function outcomeOf(state: ServerState, open: OpenFile, stored: StoredCapture): CaptureOutcome {
  const { capture } = stored;
  const { error } = capture;
  if (error === null) {
    const layers = new Set(capture.calls.map((call) => call.path).filter((path) => path !== '')).size;
    if (layers === 0) {
      return { status: 'failed', message: whyNothing(capture), errorKind: null, location: null, directive: null };
    }
    const message = `${layers} ${layers === 1 ? 'layer' : 'layers'} of ${capture.className ?? 'the model'} captured in ${Math.round(capture.provenance.durationMs)} ms`;
    return { status: 'ok', message, errorKind: null, location: null, directive: null };
  }
  const { site } = error;
  return {
    status: capture.status === 'cancelled' ? 'cancelled' : 'failed',
    message: errorText(error),
    errorKind: error.kind,
    location: site === undefined ? null : { uri: fileUri(site.file), range: toRange(site) },
    directive:
      needsRecipe(error.kind) && capture.className !== null ? directiveEdit(state, open, capture.className) : null,
  };
}
