/** Starts the process of a helper and shakes hands with it. */

import { type ChildProcess, spawn } from 'node:child_process';
import {
  createMessageConnection,
  type MessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-jsonrpc/node';
import { PROTOCOL_VERSION, parseMessage } from '../protocol/helperMessages';
import type { Ready } from '../protocol/helperMessages.generated';
import { badMessage, type CaptureFailure, exitText, noPython, notReady, wrongProtocol } from './errors';
import { killGroup, ownGroup } from './processGroup';

/** How long a helper may take to import torch, in milliseconds: a cold network disk is slow. */
const READY_LIMIT_MS = 120_000;
/** Characters of what a dying helper said that its error can tell. */
const TAIL = 4000;

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

/** A process that said it is ready. */
export interface HelperProcess {
  readonly child: ChildProcess;
  readonly connection: MessageConnection;
  readonly ready: Ready;
}

/** Rejects with a CaptureFailure where the interpreter does not start, dies, is silent too long, or speaks another protocol. */
export function startHelperProcess(options: HelperOptions): Promise<HelperProcess> {
  return new Promise((resolve, reject) => {
    const child = spawn(options.python, [options.helperFolder, 'serve', ...(options.forks ? ['--zygote'] : [])], {
      cwd: options.cwd,
      detached: process.platform !== 'win32',
      windowsHide: true,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const { pid } = child;
    let printed = '';
    if (pid !== undefined) {
      ownGroup(pid);
    }
    const fail = (failure: CaptureFailure): void => {
      clearTimeout(limit);
      if (pid !== undefined) {
        killGroup(pid);
      }
      reject(failure);
    };
    const limit = setTimeout(
      () => fail(notReady(options.python, 'it was silent for two minutes', printed)),
      READY_LIMIT_MS,
    );
    child.on('error', (error) => fail(noPython(options.python, error.message)));
    child.on('exit', (code, signal) => fail(notReady(options.python, exitText(code, signal), printed)));
    // A broken pipe shows as the exit of the process, which has its own message.
    child.stdin.on('error', () => undefined);
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      printed = (printed + text).slice(-TAIL);
      options.onOutput(text);
    });
    const connection = createMessageConnection(
      new StreamMessageReader(child.stdout),
      new StreamMessageWriter(child.stdin),
    );
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
        resolve({ child, connection, ready });
      } catch (error) {
        fail(badMessage(error instanceof Error ? error.message : String(error)));
      }
    });
    connection.listen();
  });
}
