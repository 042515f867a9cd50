/** One Python helper: captures, questions, end. */

import type { CancellationToken } from 'vscode-jsonrpc';
import { ProtocolError, parseMessage } from '../protocol/helperMessages';
import type {
  CaptureEnd,
  CapturePart,
  CaptureRequest,
  Progress,
  Ready,
  Statistics,
} from '../protocol/helperMessages.generated';
import { badMessage, CaptureFailure, cancelled, died, exitText, timedOut } from './errors';
import { type HelperOptions, type HelperProcess, startHelperProcess } from './helperProcess';
import { endHelper, forgetGroup, killGroup, ownGroup } from './processGroup';

/** How long a helper may take to obey `stop`, in milliseconds. */
const STOP_LIMIT_MS = 2_000;
/** How long a question about a tensor may take, in milliseconds. */
const ANSWER_LIMIT_MS = 2_000;

export interface CaptureListener {
  readonly onPart: (part: CapturePart) => void;
  readonly onProgress: (progress: Progress) => void;
}

/** A helper that is ready for captures, one at a time. */
export class Helper {
  private listener: CaptureListener | null = null;
  private failure: ((failure: CaptureFailure) => void) | null = null;
  private childGroup: number | null = null;
  private childEnd: CaptureFailure | null = null;
  private ended = false;
  private captures = 0;
  private unanswered: Promise<void> | null = null;

  private constructor(
    private readonly running: HelperProcess,
    readonly options: HelperOptions,
  ) {}

  /**
   * Starts a helper and waits until it is ready.
   * @throws {CaptureFailure} where the interpreter does not start, dies, is silent too long, or speaks another protocol.
   */
  static async start(options: HelperOptions): Promise<Helper> {
    const helper = new Helper(await startHelperProcess(options), options);
    helper.listen();
    return helper;
  }

  get ready(): Ready {
    return this.running.ready;
  }

  /** True once the process can take no further capture. */
  get spent(): boolean {
    return this.ended || (!this.ready.forks && this.captures > 0);
  }

  /** True while questions about the last capture's tensors can be answered. */
  get answers(): boolean {
    return !this.ended && this.captures > 0 && this.failure === null && this.childEnd === null;
  }

  /** Waits until a capture that was stopped has ended: what the helper still says of it must not be taken for the next one's. */
  async settled(): Promise<void> {
    await this.unanswered;
  }

  /**
   * Runs one capture; ends the one before it.
   * @throws {CaptureFailure} where the process dies, takes longer than `timeoutSeconds`, or is cancelled.
   */
  async capture(
    request: CaptureRequest,
    listener: CaptureListener,
    token: CancellationToken,
    timeoutSeconds: number,
  ): Promise<CaptureEnd> {
    if (this.ready.problem !== null) {
      throw new CaptureFailure(this.ready.problem);
    }
    if (this.ended) {
      throw died('it was gone before the capture began');
    }
    if (token.isCancellationRequested) {
      throw cancelled();
    }
    this.captures += 1;
    this.listener = listener;
    this.childEnd = null;
    // The helper ends the child of the capture before; that end is not this capture's failure.
    this.childGroup = null;
    const failed = new Promise<never>((_, reject) => {
      this.failure = reject;
    });
    const cancelling = token.onCancellationRequested(() => this.abort(cancelled()));
    const limit = setTimeout(() => this.abort(timedOut(timeoutSeconds)), timeoutSeconds * 1000);
    this.running.output.begin();
    const answer = this.running.connection.sendRequest('capture', request);
    const settled = answer.then(
      () => undefined,
      () => undefined,
    );
    this.unanswered = settled;
    void settled.then(() => {
      this.unanswered = null;
    });
    try {
      return parseMessage('CaptureEnd', await Promise.race([failed, answer]));
    } catch (error) {
      throw this.asFailure(error);
    } finally {
      clearTimeout(limit);
      cancelling.dispose();
      this.running.output.end();
      this.listener = null;
      this.failure = null;
    }
  }

  /**
   * Asks for the statistics of a tensor of the last capture; null where it is gone, or where the answer takes too long for a hover.
   * @param handle from a TensorValue
   */
  async statistics(handle: number): Promise<Statistics | null> {
    if (!this.answers) {
      return null;
    }
    let limit: NodeJS.Timeout | undefined;
    const late = new Promise<null>((resolve) => {
      limit = setTimeout(() => resolve(null), ANSWER_LIMIT_MS);
    });
    try {
      const answer = await Promise.race([late, this.running.connection.sendRequest('statistics', { handle })]);
      return answer === null ? null : parseMessage('Statistics', answer);
    } catch {
      return null;
    } finally {
      clearTimeout(limit);
    }
  }

  /** Ends the process and all that it started. */
  kill(): void {
    if (this.childGroup !== null) {
      killGroup(this.childGroup);
      this.childGroup = null;
    }
    if (!this.ended) {
      this.ended = true;
      endHelper(this.running.child);
    }
    this.close();
  }

  /** What user code left behind may hold the pipes open; nobody reads them any more. */
  private close(): void {
    this.running.output.flush();
    this.running.connection.dispose();
    this.running.child.stdout?.destroy();
    this.running.child.stderr?.destroy();
  }

  private listen(): void {
    const on = (method: string, handle: (message: unknown) => void): void => {
      this.running.connection.onNotification(method, (message: unknown) => {
        try {
          handle(message);
        } catch (error) {
          this.fail(
            badMessage(error instanceof ProtocolError ? error.message : `The message "${method}" failed: ${error}.`),
          );
        }
      });
    };
    on('started', (message) => {
      this.childGroup = parseMessage('Started', message).pid;
      ownGroup(this.childGroup);
    });
    on('progress', (message) => this.listener?.onProgress(parseMessage('Progress', message)));
    on('part', (message) => this.listener?.onPart(parseMessage('CapturePart', message)));
    on('exited', (message) => {
      const { pid, code, signal, error } = parseMessage('Exited', message);
      forgetGroup(pid);
      if (this.childGroup === pid) {
        this.childGroup = null;
        this.childEnd = error === undefined ? died(exitText(code, signal)) : new CaptureFailure(error);
        this.fail(this.childEnd);
      }
    });
    this.running.child.on('exit', (code, signal) => {
      this.ended = true;
      if (this.childGroup !== null) {
        killGroup(this.childGroup);
      }
      if (this.running.child.pid !== undefined) {
        // The leader is gone, but what it started may have stayed in its group.
        killGroup(this.running.child.pid);
      }
      this.fail(died(exitText(code, signal)));
      this.close();
    });
  }

  /** Stops the running capture for the reason given; a helper that does not obey is killed. */
  private abort(reason: CaptureFailure): void {
    this.fail(reason);
    if (!this.ready.forks) {
      this.kill();
      return;
    }
    const capture = this.captures;
    void this.running.connection.sendNotification('stop');
    setTimeout(() => {
      if (this.unanswered !== null && this.captures === capture) {
        this.kill();
      }
    }, STOP_LIMIT_MS).unref();
  }

  private fail(reason: CaptureFailure): void {
    const failure = this.failure;
    this.failure = null;
    failure?.(reason);
  }

  private asFailure(error: unknown): CaptureFailure {
    if (error instanceof CaptureFailure) {
      return error;
    }
    if (this.childEnd !== null) {
      return this.childEnd;
    }
    return badMessage(error instanceof Error ? error.message : String(error));
  }
}
