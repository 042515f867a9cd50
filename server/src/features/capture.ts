/** "Capture output": plans the request for a click, runs it, tells how it ended. */

import path from 'node:path';
import type { CancellationToken } from 'vscode-jsonrpc';
import type { CaptureService } from '../capture/captureService';
import type { StoredCapture } from '../capture/captureStore';
import type { HelperPool } from '../capture/helperPool';
import { findInterpreters } from '../capture/interpreter';
import { fileUri, type OpenFile } from '../documents';
import { toRange } from '../positions';
import type { CaptureOutcome, CaptureParams, Interpreter } from '../protocol/clientMessages';
import type { Progress } from '../protocol/helperMessages.generated';
import { captureRequest, selectLine } from '../recipe/captureRequest';
import { recipeFor } from '../recipe/plannedRecipe';
import { errorText } from '../render/errorText';
import type { ServerState } from '../state';
import { needsRecipe } from './diagnostics';
import { directiveEdit } from './directive';

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
  const refuse = (errorKind: string, message: string) => ({
    outcome: { status: 'failed' as const, message, errorKind, location: null, directive: null },
    stored: null,
  });
  if (!state.environment.trusted) {
    return refuse('untrusted', untrusted);
  }
  const planned = recipeFor(open.parsed, params.className);
  if (planned === null) {
    return refuse(
      'noClass',
      'No module class was found here. Put the cursor into a class that derives from torch.nn.Module and try again.',
    );
  }
  const interpreter = interpreterFor(state, open.file);
  if (interpreter === null) {
    return refuse('noPython', 'No Python interpreter was found. Choose one with "Layer Peek: Choose Interpreter".');
  }
  const select = params.line === null ? null : selectLine(open.parsed, open.file, params.line + 1);
  const request = captureRequest({
    file: open.file,
    workspaceRoot: state.rootOf(open.file),
    planned,
    mode: state.settings.capture.mode,
    select,
    overlays: state.documents.unsaved(),
  });
  const stored = await tools.service.run({
    request,
    takeHelper: () => tools.pool.take(helperStart(state, open.file, interpreter, tools.helperFolder)),
    timeoutSeconds: state.settings.capture.timeoutSeconds,
    token,
    onProgress: (progress) => tools.onProgress(progressText(progress)),
  });
  return { outcome: outcomeOf(state, open, stored), stored };
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

function progressText(progress: Progress): string {
  return progress.message;
}

function outcomeOf(state: ServerState, open: OpenFile, stored: StoredCapture): CaptureOutcome {
  const { capture } = stored;
  const { error } = capture;
  if (error === null) {
    const layers = new Set(capture.calls.map((call) => call.path)).size;
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
