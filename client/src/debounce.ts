import type { Disposable } from 'vscode';

/** Runs an action once things have been quiet for a while; a new call starts the wait again. */
export class Debounce implements Disposable {
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly action: () => void) {}

  /** @param delayMs How long the caller's kind of event has to be quiet. */
  trigger(delayMs: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(this.action, delayMs);
  }

  dispose(): void {
    clearTimeout(this.timer);
  }
}
