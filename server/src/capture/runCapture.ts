/** One run: from a request to a Capture document, whatever happens on the way. */

import path from 'node:path';
import type { CancellationToken } from 'vscode-jsonrpc';
import type {
  Capture,
  CaptureError,
  CapturePart,
  CaptureRequest,
  Progress,
} from '../protocol/helperMessages.generated';
import { CaptureFailure, cancelled } from './errors';
import type { Helper } from './helper';

export interface RunOptions {
  readonly takeHelper: () => Promise<Helper>;
  readonly request: CaptureRequest;
  readonly token: CancellationToken;
  readonly timeoutSeconds: number;
  readonly onProgress: (progress: Progress) => void;
}

/** Never rejects: a failure is part of the Capture, with everything seen before it. */
export async function runCapture(options: RunOptions): Promise<Capture> {
  const { request } = options;
  const started = new Date();
  const parts: Parts = { classes: [], modules: [], calls: [], operations: [] };
  const head = { version: 1 as const, file: request.file, className: request.className };
  let helper: Helper | null = null;
  let stage = 'Starting Python';
  let { mode } = request;
  try {
    helper = await cancellable(options.takeHelper(), options.token);
    const end = await helper.capture(
      request,
      {
        onPart: (part) => {
          // Only shapes mode is gone over to.
          mode = part.restarted === true ? 'shapes' : mode;
          addPart(parts, part);
        },
        onProgress: (progress) => {
          stage = progress.message;
          options.onProgress(progress);
        },
      },
      options.token,
      options.timeoutSeconds,
    );
    return { ...head, ...end, ...parts };
  } catch (error) {
    const told = errorOf(error);
    const where = LOST.has(told.kind) && helper !== null ? ` ${whereItWas(parts, stage)}` : '';
    const failure = { ...told, message: told.message + where, advice: adviceFor(told, parts) };
    return {
      ...head,
      status: failure.kind === 'cancelled' ? 'cancelled' : 'failed',
      mode,
      recipe: { expression: request.recipe.expression, source: request.recipe.source, assumed: false },
      provenance: {
        torch: helper?.ready.torch ?? null,
        python: helper?.ready.python.version ?? '',
        startedAt: started.toISOString(),
        durationMs: Date.now() - started.getTime(),
        training: false,
      },
      ...parts,
      uncalled: [],
      notes: [],
      error: failure,
    };
  }
}

type Parts = Required<Omit<CapturePart, 'restarted'>>;

function addPart(parts: Parts, part: CapturePart): void {
  if (part.restarted === true) {
    for (const list of Object.values(parts)) {
      list.length = 0;
    }
  }
  for (const one of part.classes ?? []) {
    parts.classes.push(one);
  }
  for (const one of part.modules ?? []) {
    parts.modules.push(one);
  }
  for (const one of part.calls ?? []) {
    parts.calls.push(one);
  }
  for (const one of part.operations ?? []) {
    parts.operations.push(one);
  }
}

/** Errors of a run that could not tell itself where it was. */
const LOST: ReadonlySet<CaptureError['kind']> = new Set(['died', 'timeout', 'memory', 'internal']);

const KEPT = /^What ran before is kept[.;] (.)/;

/** Says that what ran is kept only where something did. */
function adviceFor({ advice }: CaptureError, parts: Parts): string {
  return parts.calls.length + parts.operations.length > 0
    ? advice
    : advice.replace(KEPT, (_, first: string) => first.toUpperCase());
}

function whereItWas(parts: Parts, stage: string): string {
  const last = parts.calls.at(-1);
  if (last === undefined) {
    return `It came as far as this: ${stage}.`;
  }
  const site =
    last.callSite === null ? '' : `, called from line ${last.callSite.line} of ${path.basename(last.callSite.file)}`;
  return `The last layer that returned was ${last.path === '' ? 'the model itself' : last.path}${site}.`;
}

function errorOf(error: unknown): CaptureError {
  if (error instanceof CaptureFailure) {
    return error.error;
  }
  return {
    kind: 'protocol',
    message: error instanceof Error ? error.message : String(error),
    advice: 'This is a fault in Layer Peek: please report it with the log from "Output: Layer Peek".',
  };
}

/** Waiting for a helper to import torch can be cancelled; the helper goes on and serves the next click. */
function cancellable<T>(work: Promise<T>, token: CancellationToken): Promise<T> {
  const failure = cancelled();
  if (token.isCancellationRequested) {
    work.catch(() => undefined);
    return Promise.reject(failure);
  }
  return new Promise((resolve, reject) => {
    const listening = token.onCancellationRequested(() => reject(failure));
    work.then(resolve, reject).finally(() => listening.dispose());
  });
}
