/** Starts the process of a helper and shakes hands with it. */

import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import {
  createMessageConnection,
  type MessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-jsonrpc/node';
import { PROTOCOL_VERSION, parseMessage } from '../protocol/helperMessages';
import type { Ready } from '../protocol/helperMessages.generated';
import { BoundedOutput } from './boundedOutput';
import { badMessage, type CaptureFailure, exitText, noPython, notReady, wrongProtocol } from './errors';
import { endHelper, ownHelper } from './processGroup';

/** How long a helper may take to import torch, in milliseconds: a cold network disk is slow. */
const READY_LIMIT_MS = 120_000;
/** Bytes of what a dying helper said that its error can tell. */
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
  readonly output: BoundedOutput;
}

/** Rejects with a CaptureFailure where the interpreter does not start, dies, is silent too long, or speaks another protocol. */
export function startHelperProcess(options: HelperOptions): Promise<HelperProcess> {
  return new Promise((resolve, reject) => {
    const child = spawn(options.python, [options.helperFolder, 'serve', ...(options.forks ? ['--zygote'] : [])], {
      // Node takes a missing folder for a missing executable; the run itself tells that the file is gone.
      cwd: fs.existsSync(options.cwd) ? options.cwd : os.homedir(),
      detached: process.platform !== 'win32',
      windowsHide: true,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const { pid } = child;
    let printed = Buffer.alloc(0);
    const output = new BoundedOutput(options.onOutput);
    if (pid !== undefined) {
      ownHelper(pid);
    }
    const fail = (failure: CaptureFailure): void => {
      clearTimeout(limit);
      endHelper(child);
      output.flush();
      reject(failure);
    };
    const limit = setTimeout(
      () => fail(notReady(options.python, 'it was silent for two minutes', printed.toString())),
      READY_LIMIT_MS,
    );
    child.on('error', (error) => fail(noPython(options.python, error.message)));
    child.on('exit', (code, signal) => fail(notReady(options.python, exitText(code, signal), printed.toString())));
    // A broken pipe shows as the exit of the process, which has its own message.
    child.stdin.on('error', () => undefined);
    child.stderr.on('data', (data: Buffer) => {
      printed = Buffer.concat([printed, data.subarray(-TAIL)]).subarray(-TAIL);
      output.write(data);
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
        resolve({ child, connection, ready, output });
      } catch (error) {
        fail(badMessage(error instanceof Error ? error.message : String(error)));
      }
    });
    connection.listen();
  });
}
