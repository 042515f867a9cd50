/** Tells the client that something shown has changed. */

import { CodeLensRefreshRequest, type Connection, InlayHintRefreshRequest } from 'vscode-languageserver';
import type { Diagnosing } from './diagnosing';
import { methods, type State } from './protocol/clientMessages';
import type { ServerState } from './state';

export class Refresh {
  /** What the client said it can refresh; set at its `initialize`. */
  supports = { lens: false, hint: false };

  constructor(
    private readonly connection: Connection,
    private readonly state: ServerState,
    private readonly diagnosing: Diagnosing,
  ) {}

  /** Lenses, hints and diagnostics of all open files, and the state. */
  everything(): void {
    // A client that is closing may reject; there is nothing left to refresh then.
    const ignore = (): void => undefined;
    if (this.supports.lens) {
      this.connection.sendRequest(CodeLensRefreshRequest.type).catch(ignore);
    }
    if (this.supports.hint) {
      this.connection.sendRequest(InlayHintRefreshRequest.type).catch(ignore);
    }
    this.diagnosing.everything();
    this.stateOnly();
  }

  stateOnly(): void {
    const shown: State = { interpreter: this.state.interpreter, capturing: this.state.running !== null };
    void this.connection.sendNotification(methods.state, shown);
  }
}
