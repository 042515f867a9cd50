/** One Python helper process: start, handshake, requests, end. */

import { type ChildProcess, spawn } from 'node:child_process';
import {
  type CancellationToken,
  createMessageConnection,
  type MessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-jsonrpc/node';
import { PROTOCOL_VERSION, ProtocolError, parseMessage } from '../protocol/helperMessages';
import type {
  CaptureEnd,
  CapturePart,
  CaptureRequest,
  Progress,
  Ready,
  Statistics,
} from '../protocol/helperMessages.generated';
import { badMessage, CaptureFailure, cancelled, died, noPython, notReady, timedOut, wrongProtocol } from './errors';
import { forgetGroup, killGroup, ownGroup } from './processGroup';

/** How long a helper may take to import torch, in milliseconds: a cold network disk is slow. */
const READY_LIMIT_MS = 120_000;
/** How long a helper may take to obey `stop`, in milliseconds. */
const STOP_LIMIT_MS = 2_000;

export interface HelperOptions {
  readonly python: string;
  /** The folder that holds the package `layer_peek`. */
  readonly helperFolder: string;
  /** Working folder of the process. */
  readonly cwd: string;
  /** True where one process shall serve many captures by forking. */
  readonly forks: boolean;
  /** What the process, and the user's code in it, prints. */
  readonly onOutput: (text: string) => void;
}

export interface CaptureListener {
  readonly onPart: (part: CapturePart) => void;
  readonly onProgress: (progress: Progress) => void;
}

/** A helper that is ready for captures, one at a time. */
export class Helper {
  private listener: CaptureListener | null = null;
  private failure: ((failure: CaptureFailure) => void) | null = null;
  private childGroup: number | null = null;
  private childEnd: string | null = null;
  private ended = false;
  private captures = 0;
  private unanswered = false;

  private constructor(
    private readonly process: ChildProcess,
    private readonly connection: MessageConnection,
    readonly options: HelperOptions,
    readonly ready: Ready,
  ) {}

  /**
   * Starts a helper and waits until it is ready.
   * @throws {CaptureFailure} where the interpreter does not start, dies, is silent too long, or speaks another protocol.
   */
  static start(options: HelperOptions): Promise<Helper> {
    return new Promise((resolve, reject) => {
      const child = spawn(options.python, [options.helperFolder, 'serve', ...(options.forks ? ['--zygote'] : [])], {
        cwd: options.cwd,
        detached: process.platform !== 'win32',
        windowsHide: true,
        stdio: ['pipe', 'pipe', 'pipe'],
      });
      const pid = child.pid;
      let printed = '';
      if (pid !== undefined) {
        ownGroup(pid);
      }
      const limit = setTimeout(
        () => fail(notReady(options.python, 'it was silent for two minutes', printed)),
        READY_LIMIT_MS,
      );
      const fail = (failure: CaptureFailure): void => {
        clearTimeout(limit);
        if (pid !== undefined) {
          killGroup(pid);
        }
        reject(failure);
      };
      child.on('error', (error) => fail(noPython(options.python, error.message)));
      child.on('exit', (code, signal) => fail(notReady(options.python, describeExit(code, signal), printed)));
      child.stdin.on('error', () => undefined);
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        printed = (printed + text).slice(-4000);
        options.onOutput(text);
      });
      const connection = createMessageConnection(
        new StreamMessageReader(child.stdout),
        new StreamMessageWriter(child.stdin),
      );
      // A broken pipe shows as the exit of the process, which has its own message.
      connection.onError(() => undefined);
      connection.onNotification('ready', (message: unknown) => {
        try {
          const ready = parseMessage('Ready', message);
          if (ready.protocolVersion !== PROTOCOL_VERSION) {
            fail(wrongProtocol(options.python, ready.protocolVersion, PROTOCOL_VERSION));
            return;
          }
          clearTimeout(limit);
          child.removeAllListeners('exit');
          const helper = new Helper(child, connection, options, ready);
          helper.listen();
          resolve(helper);
        } catch (error) {
          fail(badMessage(error instanceof Error ? error.message : String(error)));
        }
      });
      connection.listen();
    });
  }

  /** True once the process can take no further capture. */
  get spent(): boolean {
    return this.ended || (!this.ready.forks && this.captures > 0);
  }

  /** True while questions about the last capture's tensors can be answered. */
  get answers(): boolean {
    return !this.ended && this.captures > 0 && this.failure === null && this.childEnd === null;
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
    const answer = this.connection.sendRequest('capture', request);
    this.unanswered = true;
    answer.then(
      () => (this.unanswered = false),
      () => (this.unanswered = false),
    );
    try {
      return parseMessage('CaptureEnd', await Promise.race([failed, answer]));
    } catch (error) {
      throw this.asFailure(error);
    } finally {
      clearTimeout(limit);
      cancelling.dispose();
      this.listener = null;
      this.failure = null;
    }
  }

  /**
   * Asks for the statistics of a tensor of the last capture; null where it is gone.
   * @param handle from a TensorValue
   */
  async statistics(handle: number): Promise<Statistics | null> {
    if (!this.answers) {
      return null;
    }
    try {
      return parseMessage('Statistics', await this.connection.sendRequest('statistics', { handle }));
    } catch {
      return null;
    }
  }

  /** Ends the process and all that it started. */
  kill(): void {
    if (this.childGroup !== null) {
      killGroup(this.childGroup);
      this.childGroup = null;
    }
    if (this.process.pid !== undefined && !this.ended) {
      this.ended = true;
      killGroup(this.process.pid);
    }
    this.connection.dispose();
  }

  private listen(): void {
    const on = (method: string, handle: (message: unknown) => void): void => {
      this.connection.onNotification(method, (message: unknown) => {
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
      const { pid, code, signal } = parseMessage('Exited', message);
      forgetGroup(pid);
      if (this.childGroup === pid) {
        this.childGroup = null;
        this.childEnd = describeExit(code, signal);
        this.fail(died(this.childEnd));
      }
    });
    this.process.on('exit', (code, signal) => {
      this.ended = true;
      if (this.childGroup !== null) {
        killGroup(this.childGroup);
      }
      if (this.process.pid !== undefined) {
        // The leader is gone, but what it started may have stayed in its group.
        killGroup(this.process.pid);
      }
      this.fail(died(describeExit(code, signal)));
      this.connection.dispose();
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
    void this.connection.sendNotification('stop');
    setTimeout(() => {
      if (this.unanswered && this.captures === capture) {
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
      return died(this.childEnd);
    }
    return badMessage(error instanceof Error ? error.message : String(error));
  }
}

function describeExit(code: number | null, signal: string | null): string {
  if (signal === 'SIGSEGV') {
    return 'it crashed with a segmentation fault (SIGSEGV)';
  }
  if (signal === 'SIGKILL') {
    return 'it was killed (SIGKILL), which is also what happens when memory runs out';
  }
  return signal !== null ? `by the signal ${signal}` : `with exit code ${code ?? 'unknown'}`;
}
