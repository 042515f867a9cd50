/** Keeps one helper warm, so that a click does not wait for `import torch`. */

import { CaptureFailure } from './errors';
import { Helper } from './helper';
import type { HelperOptions } from './helperProcess';

type Start = Pick<HelperOptions, 'python' | 'helperFolder' | 'cwd'>;

/** Owns at most two processes: the helper of the last capture, and, where helpers can't fork, a spare one for the next. */
export class HelperPool {
  private warmed: { key: string; helper: Promise<Helper> } | null = null;
  private current: Helper | null = null;
  private idle: NodeJS.Timeout | null = null;

  constructor(
    private readonly onOutput: (text: string) => void,
    private readonly idleMinutes: () => number,
  ) {}

  /** Starts a helper ahead of a likely capture. The promise tells when it is ready, or why it is not. */
  warm(start: Start): Promise<Helper> {
    const key = JSON.stringify(start);
    if (this.warmed?.key !== key) {
      this.dropWarmed();
      const helper = Helper.start({ ...start, forks: process.platform === 'linux', onOutput: this.onOutput });
      const warmed = { key, helper };
      this.warmed = warmed;
      helper.catch(() => {
        // A failed start is tried again at the next click; the reason went to who asked.
        if (this.warmed === warmed) {
          this.warmed = null;
        }
      });
    }
    this.restartIdleClock();
    return this.warmed.helper;
  }

  /**
   * Gives the helper for a capture that begins now. A helper that can't fork is used once, and its successor is started by the next `warm`.
   * @throws {CaptureFailure} where none gets ready.
   */
  async take(start: Start): Promise<Helper> {
    let helper = await this.warm(start);
    await helper.settled();
    if (helper.spent) {
      this.dropWarmed();
      helper = await this.warm(start);
    }
    if (this.current !== null && this.current !== helper) {
      this.current.kill();
    }
    this.current = helper;
    if (!helper.ready.forks) {
      this.warmed = null;
    }
    if (helper.ready.problem !== null) {
      const problem = helper.ready.problem;
      // The user may install torch meanwhile: the next click asks a new process.
      this.dispose();
      throw new CaptureFailure(problem);
    }
    return helper;
  }

  /** The helper that ran the last capture, while it can still be asked about tensors. */
  get answering(): Helper | null {
    return this.current?.answers === true ? this.current : null;
  }

  /** Ends all helpers. */
  dispose(): void {
    this.dropWarmed();
    this.current?.kill();
    this.current = null;
    if (this.idle !== null) {
      clearTimeout(this.idle);
      this.idle = null;
    }
  }

  private dropWarmed(): void {
    const warmed = this.warmed;
    this.warmed = null;
    warmed?.helper.then(
      (helper) => helper.kill(),
      () => undefined,
    );
  }

  private restartIdleClock(): void {
    if (this.idle !== null) {
      clearTimeout(this.idle);
    }
    this.idle = setTimeout(() => this.dispose(), this.idleMinutes() * 60_000);
    this.idle.unref();
  }
}
