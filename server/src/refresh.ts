/** Tells the client that something shown has changed. */

import { CodeLensRefreshRequest, type Connection, InlayHintRefreshRequest } from 'vscode-languageserver';
import type { OpenFile } from './documents';
import { diagnostics } from './features/diagnostics';
import { pathHints } from './features/pathHints';
import { methods, type State } from './protocol/clientMessages';
import type { ServerState } from './state';

export class Refresh {
  /** What the client said it can refresh; set at its `initialize`. */
  supports = { lens: false, hint: false };

  constructor(
    private readonly connection: Connection,
    private readonly state: ServerState,
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
    for (const open of this.state.documents.all()) {
      this.diagnosticsOf(open);
    }
    this.stateOnly();
  }

  diagnosticsOf(open: OpenFile): void {
    const { last } = this.state;
    const current = last !== null && this.state.recipeChanged(last) ? null : last;
    void this.connection.sendDiagnostics({
      uri: open.uri,
      version: open.version,
      diagnostics: [...diagnostics(current, open), ...pathHints(this.state, open)],
    });
  }

  stateOnly(): void {
    const shown: State = { interpreter: this.state.interpreter, capturing: this.state.running !== null };
    void this.connection.sendNotification(methods.state, shown);
  }
}
