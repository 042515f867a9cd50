/** The captures made since the server started: the only mutable results. */

import type { Capture } from '../protocol/helperMessages.generated';

export interface StoredCapture {
  readonly id: number;
  readonly capture: Capture;
  /** The texts that ran, by absolute path: of every file a layer or a call of the capture stands in. */
  readonly sources: ReadonlyMap<string, string>;
  /** True where all layers were hooked, false for those of one line. */
  readonly complete: boolean;
}

/** Captures kept; each line shows the newest that speaks of it. */
const KEPT = 20;

export class CaptureStore {
  private newestFirst: StoredCapture[] = [];
  private nextId = 1;

  /** A capture of all layers replaces the earlier ones of its class; one of a line stands before them. */
  add(capture: Capture, sources: ReadonlyMap<string, string>, complete: boolean): StoredCapture {
    const stored = { id: this.nextId, capture, sources, complete };
    this.nextId += 1;
    const others = complete ? this.newestFirst.filter((one) => !sameClass(one.capture, capture)) : this.newestFirst;
    this.newestFirst = [stored, ...others].slice(0, KEPT);
    return stored;
  }

  /** Newest first. */
  all(): readonly StoredCapture[] {
    return this.newestFirst;
  }

  /** Those that have something on lines of this file, newest first. */
  forFile(file: string): StoredCapture[] {
    return this.newestFirst.filter((one) => one.sources.has(file));
  }

  latest(): StoredCapture | null {
    return this.newestFirst[0] ?? null;
  }
}

function sameClass(a: Capture, b: Capture): boolean {
  return a.file === b.file && a.className === b.className;
}
