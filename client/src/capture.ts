import { CancellationTokenSource, commands, type Disposable, window } from 'vscode';
import { z } from 'zod';
import { type CaptureParams, captureParamsSchema, commands as names } from '../../server/src/protocol/clientMessages';
import { showOutcome } from './captureOutcome';
import { CaptureProgress } from './captureProgress';
import type { Layers } from './layers';
import type { Output } from './output';
import { activePythonEditor } from './places';
import type { Server } from './server';
import { isCancellation, isEndOfServer, reasonOf } from './serverErrors';
import { requireTrust } from './trust';

/** What a lens gives, and what a row of the side bar gives. */
const captureArgument = z.union([
  captureParamsSchema,
  z.object({ capture: captureParamsSchema }).transform(({ capture }) => capture),
]);

/** Runs captures, one at a time: a new one ends the one before. */
export class Captures implements Disposable {
  private running: CancellationTokenSource | undefined;

  constructor(
    private readonly server: Server,
    private readonly layers: Layers,
    private readonly output: Output,
  ) {}

  /** Command "Capture Output": the layer of the lens or row, else the layer defined at the cursor. */
  async captureOutput(argument: unknown): Promise<void> {
    if (requireTrust()) {
      const params = given(argument) ?? (await this.layers.layerAtCursor())?.capture ?? null;
      await (params === null ? this.explainNoLayer() : this.run(params));
    }
  }

  /** Command "Capture All Outputs": the class of the lens or row, else the class at the cursor, else the file's root class. */
  async captureAll(argument: unknown): Promise<void> {
    if (requireTrust()) {
      const params = given(argument) ?? (await this.wholeClass());
      await (params === null ? explainNoFile() : this.run(params));
    }
  }

  /** Command "Cancel Capture". */
  cancel(): void {
    this.running?.cancel();
  }

  private async wholeClass(): Promise<CaptureParams | null> {
    const target = await this.layers.classAtCursor();
    const uri = target?.uri ?? activePythonEditor()?.document.uri.toString() ?? this.layers.uri;
    return uri === null ? null : { uri, className: target?.className ?? null, line: null };
  }

  private async run(params: CaptureParams): Promise<void> {
    this.cancel();
    const source = new CancellationTokenSource();
    this.running = source;
    const progress = new CaptureProgress();
    const title = `Layer Peek: ${params.className ?? 'capturing'}`;
    try {
      const answer = this.server.capture(params, source.token, (message) => progress.report(message));
      const outcome = await progress.during(title, answer, source);
      // The message waits for the user, the next capture does not wait for the message.
      void showOutcome(outcome, this.output);
    } catch (error) {
      if (!source.token.isCancellationRequested && !isCancellation(error)) {
        void this.explainFailure(error);
      }
    } finally {
      if (this.running === source) {
        this.running = undefined;
      }
      source.dispose();
    }
  }

  private async explainNoLayer(): Promise<void> {
    const all = 'Capture All Outputs';
    const choice = await window.showInformationMessage(
      'Layer Peek: no layer is defined on this line. Put the cursor on a layer definition, or capture the whole class.',
      all,
    );
    if (choice === all) {
      await commands.executeCommand(names.captureAll);
    }
  }

  private async explainFailure(error: unknown): Promise<void> {
    this.output.log.error(`The capture got no answer: ${error}`);
    const restart = 'Restart Server';
    const showLog = 'Show Log';
    // An ended server is started again by itself; any other error may need a new one.
    const choice = isEndOfServer(error)
      ? await window.showErrorMessage(
          'Layer Peek: the language server ended during the capture and is starting again. Capture once more; the log says more.',
          showLog,
        )
      : await window.showErrorMessage(
          `Layer Peek could not capture: ${reasonOf(error)}. Restart its server and capture again.`,
          restart,
          showLog,
        );
    if (choice === restart) {
      await commands.executeCommand('layerPeek.restartServer');
    } else if (choice === showLog) {
      this.output.log.show();
    }
  }

  dispose(): void {
    this.cancel();
  }
}

function given(argument: unknown): CaptureParams | null {
  const parsed = captureArgument.safeParse(argument);
  return parsed.success ? parsed.data : null;
}

async function explainNoFile(): Promise<void> {
  await window.showInformationMessage('Layer Peek captures models of Python files. Open one and capture again.');
}
