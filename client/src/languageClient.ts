import { type Disposable, type LogOutputChannel, window } from 'vscode';
import { LanguageClient, RevealOutputChannelOn, TransportKind } from 'vscode-languageclient/node';
import type { Environment } from '../../server/src/protocol/clientMessages';
import { SERVER_FLAGS } from '../../server/src/protocol/serverFlags';
import { whatIsShownStays } from './outdatedAnswers';
import { RestartPolicy } from './restartPolicy';
import { reasonOf } from './serverErrors';

/** Owns the connection to the language server: starts it, restarts it, and says what to do where it can't run. */
export class ServerProcess implements Disposable {
  readonly client: LanguageClient;

  /**
   * @param module Absolute path of the bundled server.
   * @param environment Read at every start, so that a restarted server knows the present state.
   */
  constructor(
    module: string,
    environment: () => Environment,
    private readonly log: LogOutputChannel,
  ) {
    this.client = new LanguageClient(
      'layerPeek',
      'Layer Peek',
      { module, transport: TransportKind.ipc, options: { execArgv: SERVER_FLAGS } },
      {
        documentSelector: [{ scheme: 'file', language: 'python' }],
        initializationOptions: environment,
        outputChannel: log,
        revealOutputChannelOn: RevealOutputChannelOn.Never,
        initializationFailedHandler: () => false,
        middleware: {
          provideCodeLenses: (document, token, next) =>
            whatIsShownStays(document, token, async () => await next(document, token)),
          provideInlayHints: (document, range, token, next) =>
            whatIsShownStays(document, token, async () => await next(document, range, token)),
        },
        errorHandler: new RestartPolicy(() => void this.explain('The language server ended several times in a row.')),
      },
    );
  }

  async start(): Promise<void> {
    try {
      await this.client.start();
    } catch (error) {
      this.log.error(`The language server did not start: ${error}`);
      void this.explain(`The language server did not start (${reasonOf(error)}).`);
    }
  }

  async restart(): Promise<void> {
    this.log.info('Restarting the language server.');
    if (this.client.needsStop()) {
      await this.client.stop();
    }
    await this.start();
  }

  private async explain(problem: string): Promise<void> {
    const restart = 'Restart';
    const showLog = 'Show Log';
    const advice = 'The log has the details; restart the server to go on, or reload the window if it fails again.';
    const choice = await window.showErrorMessage(`Layer Peek: ${problem} ${advice}`, restart, showLog);
    if (choice === restart) {
      await this.restart();
    } else if (choice === showLog) {
      this.log.show();
    }
  }

  dispose(): Thenable<void> {
    return this.client.dispose();
  }
}
