import { type CancellationToken, type Disposable, EventEmitter, type LogOutputChannel } from 'vscode';
import { type BaseLanguageClient, State as ClientState, WorkDoneProgress } from 'vscode-languageclient';
import type { z } from 'zod';
import {
  type CaptureOutcome,
  type CaptureParams,
  captureOutcomeSchema,
  type DirectiveEdit,
  directiveResultSchema,
  type Environment,
  type Interpreter,
  interpretersResultSchema,
  type LayersResult,
  layersResultSchema,
  methods,
  outputSchema,
  type State,
  stateSchema,
  type TreeRow,
  treeResultSchema,
} from '../../server/src/protocol/clientMessages';
import { againWhereOutdated } from './outdatedAnswers';

/** The server as the rest of the client sees it: one method for each request, one event for each notification. Whatever the server sends is checked against the contract. */
export class Server implements Disposable {
  private readonly stateChanged = new EventEmitter<State>();
  private readonly printed = new EventEmitter<string>();
  private readonly subscriptions: Disposable[];
  private captures = 0;
  private state: State = { interpreter: null, capturing: false };

  readonly onState = this.stateChanged.event;
  readonly onOutput = this.printed.event;

  constructor(
    private readonly client: BaseLanguageClient,
    private readonly log: LogOutputChannel,
  ) {
    this.subscriptions = [
      this.stateChanged,
      this.printed,
      client.onNotification(methods.state, (message: unknown) =>
        this.receive(stateSchema, message, methods.state, (state) => this.setState(state)),
      ),
      client.onDidChangeState(({ newState }) => {
        // A server that ended can not say any more that its capture is over.
        if (newState === ClientState.Stopped && this.state.capturing) {
          this.setState({ ...this.state, capturing: false });
        }
      }),
      client.onNotification(methods.output, (message: unknown) =>
        this.receive(outputSchema, message, methods.output, ({ text }) => this.printed.fire(text)),
      ),
    ];
  }

  sendEnvironment(environment: Environment): void {
    // A server still to be started reads the environment then; one that is starting may have read the old one.
    if (!this.client.needsStart()) {
      this.client
        .sendNotification(methods.environment, environment)
        .catch((error) => this.log.warn(`The server was not told of a changed environment: ${error}`));
    }
  }

  /** Runs a capture; the answer comes when it has ended. `report` gets each progress message. */
  async capture(
    params: CaptureParams,
    token: CancellationToken,
    report: (message: string) => void,
  ): Promise<CaptureOutcome> {
    this.captures += 1;
    const workDoneToken = `layerPeek.capture.${this.captures}`;
    const progress = this.client.onProgress(WorkDoneProgress.type, workDoneToken, (value) => {
      if (value.kind !== 'end' && value.message !== undefined) {
        report(value.message);
      }
    });
    try {
      return await this.request(captureOutcomeSchema, methods.capture, { ...params, workDoneToken }, token);
    } finally {
      progress.dispose();
    }
  }

  directive(uri: string, className: string): Promise<DirectiveEdit | null> {
    return this.request(directiveResultSchema, methods.directive, { uri, className });
  }

  tree(uri: string): Promise<TreeRow[]> {
    return this.request(treeResultSchema, methods.tree, { uri });
  }

  /** The layers that a text may mean, those of the given document first among equals. */
  layers(query: string, uri: string | null, token?: CancellationToken): Promise<LayersResult> {
    return this.request(layersResultSchema, methods.layers, { query, uri }, token);
  }

  interpreters(uri: string | null): Promise<Interpreter[]> {
    return this.request(interpretersResultSchema, methods.interpreters, { uri });
  }

  private async request<T>(
    schema: z.ZodType<T>,
    method: string,
    params: unknown,
    token?: CancellationToken,
  ): Promise<T> {
    // A token that is undefined would be sent as one more parameter.
    const ask = (): Promise<unknown> =>
      token === undefined ? this.client.sendRequest(method, params) : this.client.sendRequest(method, params, token);
    const answer = await againWhereOutdated(ask);
    const parsed = schema.safeParse(answer);
    if (!parsed.success) {
      throw new Error(`The server's answer to ${method} does not fit the protocol: ${parsed.error.message}`);
    }
    return parsed.data;
  }

  private setState(state: State): void {
    this.state = state;
    this.stateChanged.fire(state);
  }

  private receive<T>(schema: z.ZodType<T>, message: unknown, method: string, use: (value: T) => void): void {
    const parsed = schema.safeParse(message);
    if (parsed.success) {
      use(parsed.data);
    } else {
      this.log.error(`The server's notification ${method} does not fit the protocol: ${parsed.error.message}`);
    }
  }

  dispose(): void {
    for (const subscription of this.subscriptions) {
      subscription.dispose();
    }
  }
}
