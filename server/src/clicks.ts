/** Runs what a click asks for and shows how far it is. */

import type { CancellationToken, WorkDoneProgressReporter } from 'vscode-languageserver';
import type { CaptureService } from './capture/captureService';
import type { HelperPool } from './capture/helperPool';
import { filePath } from './documents';
import { capture } from './features/capture';
import { helperFolder } from './installation';
import type { CaptureOutcome, CaptureParams } from './protocol/clientMessages';
import type { Refresh } from './refresh';
import type { ServerState } from './state';
import type { WarmHelper } from './warmHelper';

export class Clicks {
  private newest = 0;

  constructor(
    private readonly state: ServerState,
    private readonly service: CaptureService,
    private readonly pool: HelperPool,
    private readonly warm: WarmHelper,
    private readonly refresh: Refresh,
  ) {}

  /** Never rejects: what goes wrong is in the outcome. */
  async run(
    params: CaptureParams,
    token: CancellationToken,
    progress: WorkDoneProgressReporter | null,
  ): Promise<CaptureOutcome> {
    const open = this.state.documents.get(params.uri);
    if (open === null) {
      const message = `${filePath(params.uri)} is not open. Open it in the editor and try again.`;
      return { status: 'failed', message, errorKind: 'noClass', location: null, directive: null };
    }
    this.newest += 1;
    const click = this.newest;
    const className = params.className ?? '';
    const showStage = (stage: string): void => {
      if (click === this.newest) {
        this.state.running = { uri: params.uri, className, line: params.line, stage };
        progress?.report(stage);
        this.refresh.everything();
      }
    };
    showStage('Starting Python');
    try {
      const tools = { service: this.service, pool: this.pool, helperFolder, onProgress: showStage };
      const { outcome, stored } = await capture(this.state, open, params, tools, token);
      if (stored !== null && stored.capture.status !== 'cancelled') {
        this.state.last = stored;
      }
      return outcome;
    } finally {
      // A later click has taken over what is shown.
      if (click === this.newest) {
        this.state.running = null;
        this.refresh.everything();
        this.warm.for(open);
      }
    }
  }
}
