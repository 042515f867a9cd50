/** Diagnostics of the open files: told when typing pauses, and worked out in slices, as nobody waits for them. */

import type { Connection } from 'vscode-languageserver';
import { diagnostics } from './features/diagnostics';
import { pathHints } from './features/pathHints';
import { workInSlices } from './slices';
import type { ServerState } from './state';

/** Milliseconds of quiet after an edit. */
const QUIET = 300;

export class Diagnosing {
  private readonly timers = new Map<string, NodeJS.Timeout>();

  constructor(
    private readonly connection: Connection,
    private readonly state: ServerState,
  ) {}

  /** Says that the text of a document has changed, and is likely to change again. */
  edited(uri: string): void {
    this.later(uri, QUIET);
  }

  /** Says that something else has changed that diagnostics hang on. */
  everything(): void {
    for (const { uri } of this.state.documents.open.all()) {
      // Where an edit waits for quiet, this waits with it.
      if (!this.timers.has(uri)) {
        this.later(uri, 0);
      }
    }
  }

  dispose(): void {
    for (const timer of this.timers.values()) {
      clearTimeout(timer);
    }
    this.timers.clear();
  }

  private later(uri: string, wait: number): void {
    clearTimeout(this.timers.get(uri));
    const timer = setTimeout(() => {
      this.timers.delete(uri);
      void this.tell(uri);
    }, wait);
    this.timers.set(uri, timer);
  }

  private async tell(uri: string): Promise<void> {
    // An edit that comes in between has set the timer again.
    const isWanted = (): boolean => !this.timers.has(uri);
    const open = await this.state.documents.newest(uri, isWanted);
    const hints = open === null ? null : await workInSlices(pathHints(this.state, open), isWanted);
    if (open !== null && hints !== null) {
      void this.connection.sendDiagnostics({
        uri,
        version: open.version,
        diagnostics: [...diagnostics(this.lastCapture(), open), ...hints],
      });
    }
  }

  private lastCapture(): ServerState['last'] {
    const { last } = this.state;
    return last !== null && this.state.recipeChanged(last) ? null : last;
  }
}
