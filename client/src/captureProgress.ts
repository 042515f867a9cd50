import { type CancellationTokenSource, ProgressLocation, window } from 'vscode';

/** A warm capture takes about 100 ms: it should not flash a notification. */
const SHOW_AFTER_MS = 600;

/** Shows a running capture with its messages and a Cancel button, once it has taken longer than a moment. */
export class CaptureProgress {
  private message = '';
  private forward: ((message: string) => void) | undefined;

  report(message: string): void {
    this.message = message;
    this.forward?.(message);
  }

  /** Resolves as `running` does; the notification goes with it. */
  async during<T>(title: string, running: Promise<T>, cancel: CancellationTokenSource): Promise<T> {
    const timer = setTimeout(() => this.show(title, running, cancel), SHOW_AFTER_MS);
    try {
      return await running;
    } finally {
      clearTimeout(timer);
    }
  }

  private show(title: string, running: Promise<unknown>, cancel: CancellationTokenSource): void {
    const options = { location: ProgressLocation.Notification, cancellable: true, title };
    void window.withProgress(options, async (progress, token) => {
      token.onCancellationRequested(() => cancel.cancel());
      this.forward = (message) => progress.report({ message });
      this.forward(this.message);
      // How the capture ends is told elsewhere; here it only has to have ended.
      await running.catch(() => undefined);
    });
  }
}
