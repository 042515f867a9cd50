import { type Disposable, type LogOutputChannel, type OutputChannel, window } from 'vscode';

/** The two output channels: what Layer Peek does (`log`), and what the user's model prints while it runs (`model`). */
export class Output implements Disposable {
  readonly log: LogOutputChannel = window.createOutputChannel('Layer Peek', { log: true });
  readonly model: OutputChannel = window.createOutputChannel('Layer Peek: Model Output');

  dispose(): void {
    this.log.dispose();
    this.model.dispose();
  }
}
