/** Captures one after the other: plans the request, runs it, keeps the result. */

import fs from 'node:fs';
import { type CancellationToken, CancellationTokenSource } from 'vscode-jsonrpc';
import type { Capture, CaptureRequest, Progress } from '../protocol/helperMessages.generated';
import type { CaptureStore, StoredCapture } from './captureStore';
import type { Helper } from './helper';
import { runCapture } from './runCapture';

export interface CaptureJob {
  readonly request: CaptureRequest;
  readonly takeHelper: () => Promise<Helper>;
  readonly timeoutSeconds: number;
  readonly token: CancellationToken;
  readonly onProgress: (progress: Progress) => void;
}

export class CaptureService {
  private running: { source: CancellationTokenSource; done: Promise<unknown> } | null = null;

  constructor(private readonly store: CaptureStore) {}

  /** Cancels the running capture, if any. */
  cancel(): void {
    this.running?.source.cancel();
  }

  /** Runs a job; one that still runs is cancelled first. Never rejects: failures are part of the capture. */
  async run(job: CaptureJob): Promise<StoredCapture> {
    while (this.running !== null) {
      this.running.source.cancel();
      await this.running.done;
    }
    const source = new CancellationTokenSource();
    const outer = job.token.onCancellationRequested(() => source.cancel());
    if (job.token.isCancellationRequested) {
      source.cancel();
    }
    const done = runCapture({ ...job, token: source.token });
    this.running = { source, done };
    try {
      const capture = await done;
      const sources = sourcesOf(capture, job.request);
      const complete = job.request.select === null;
      if (capture.status === 'cancelled' || (capture.modules.length === 0 && capture.calls.length === 0)) {
        // Nothing was seen: what the lines show stays.
        return { id: 0, capture, sources, complete };
      }
      return this.store.add(capture, sources, complete);
    } finally {
      this.running = null;
      outer.dispose();
      source.dispose();
    }
  }
}

/** The texts that ran: those of the editor where it has the file, else those on disk. */
function sourcesOf(capture: Capture, request: CaptureRequest): Map<string, string> {
  const overlays = new Map(request.overlays.map((one) => [one.file, one.text]));
  const files = new Set([
    request.file,
    ...capture.modules.flatMap((module) => (module.definition === null ? [] : [module.definition.file])),
    ...capture.calls.flatMap((call) => (call.callSite === null ? [] : [call.callSite.file])),
    ...capture.operations.map((operation) => operation.file),
  ]);
  const sources = new Map<string, string>();
  for (const file of files) {
    const text = overlays.get(file) ?? readText(file);
    if (text !== null) {
      sources.set(file, text);
    }
  }
  return sources;
}

function readText(file: string): string | null {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
