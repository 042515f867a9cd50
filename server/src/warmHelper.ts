/** Starts a helper ahead where a capture is likely, and tells which interpreter it found. */

import type { HelperPool } from './capture/helperPool';
import type { OpenFile } from './documents';
import { helperStart, interpreterFor } from './features/capture';
import { helperFolder } from './installation';
import type { Refresh } from './refresh';
import type { ServerState } from './state';

export class WarmHelper {
  constructor(
    private readonly state: ServerState,
    private readonly pool: HelperPool,
    private readonly refresh: Refresh,
  ) {}

  /** Tells the interpreter of a file. Where it is trusted and has module classes, a capture is likely: its helper imports torch meanwhile. */
  for(open: OpenFile): void {
    const { state } = this;
    const interpreter = interpreterFor(state, open.file);
    if (interpreter?.path !== state.interpreter?.path) {
      state.interpreter = interpreter;
      this.refresh.stateOnly();
    }
    if (interpreter === null || open.parsed.classes.length === 0 || !state.environment.trusted) {
      return;
    }
    this.pool.warm(helperStart(state, open.file, interpreter, helperFolder)).then(
      ({ ready }) => this.learn(interpreter.path, ready.python.version, ready.torch, ready.problem?.message ?? null),
      (error: Error) => this.learn(interpreter.path, null, null, error.message),
    );
  }

  private learn(path: string, python: string | null, torch: string | null, problem: string | null): void {
    const known = this.state.interpreter;
    if (known?.path !== path || (known.python === python && known.torch === torch && known.problem === problem)) {
      return;
    }
    this.state.interpreter = { ...known, python, torch, problem };
    this.refresh.stateOnly();
  }
}
