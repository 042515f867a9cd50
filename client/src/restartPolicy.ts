import {
  CloseAction,
  type CloseHandlerResult,
  ErrorAction,
  type ErrorHandler,
  type ErrorHandlerResult,
} from 'vscode-languageclient/node';

const MAXIMUM_RESTARTS = 4;
const WINDOW_MS = 3 * 60 * 1000;
const TOLERATED_ERRORS = 3;

/** Restarts a server that ended by itself, quietly, until it has done so too often in a short time; then `giveUp` tells the user. */
export class RestartPolicy implements ErrorHandler {
  private ends: number[] = [];

  constructor(private readonly giveUp: () => void) {}

  error(_error: Error, _message: unknown, count: number | undefined): ErrorHandlerResult {
    const action = (count ?? 0) <= TOLERATED_ERRORS ? ErrorAction.Continue : ErrorAction.Shutdown;
    return { action, handled: action === ErrorAction.Continue };
  }

  closed(): CloseHandlerResult {
    const now = Date.now();
    this.ends = [...this.ends.filter((end) => now - end < WINDOW_MS), now];
    if (this.ends.length <= MAXIMUM_RESTARTS) {
      return { action: CloseAction.Restart, handled: true };
    }
    this.ends = [];
    this.giveUp();
    return { action: CloseAction.DoNotRestart, handled: true };
  }
}
