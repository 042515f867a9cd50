import { PVSC_EXTENSION_ID, PythonExtension } from '@vscode/python-extension';
import { type Disposable, EventEmitter, extensions, type LogOutputChannel } from 'vscode';

/** True where the Python extension is installed and enabled. */
export function hasPythonExtension(): boolean {
  return extensions.getExtension(PVSC_EXTENSION_ID) !== undefined;
}

/**
 * The interpreter that the Python extension has active. It is read in the background, because that extension may take
 * seconds to start and the lenses do not need it; `onDidChange` tells when it is known or another one was chosen.
 */
export class PythonEnvironment implements Disposable {
  private readonly changed = new EventEmitter<void>();
  private readonly subscriptions: Disposable[] = [this.changed];
  private interpreter: string | null = null;
  private connected = false;

  readonly onDidChange = this.changed.event;

  constructor(private readonly log: LogOutputChannel) {
    this.subscriptions.push(extensions.onDidChange(() => void this.connect()));
    void this.connect();
  }

  /** Absolute path of the active interpreter; null where the Python extension is missing, has none, or is still starting. */
  get path(): string | null {
    return this.interpreter;
  }

  private async connect(): Promise<void> {
    if (this.connected || !hasPythonExtension()) {
      return;
    }
    this.connected = true;
    try {
      const api = await PythonExtension.api();
      await api.ready;
      const { environments } = api;
      this.subscriptions.push(environments.onDidChangeActiveEnvironmentPath(() => void this.read(environments)));
      await this.read(environments);
    } catch (error) {
      this.connected = false;
      this.log.warn(`The Python extension did not start, so its interpreter is not used: ${error}`);
    }
  }

  private async read(environments: PythonExtension['environments']): Promise<void> {
    let path: string | null = null;
    try {
      // The active path may be a folder or a bare `python`; only the resolved environment tells the executable.
      const resolved = await environments.resolveEnvironment(environments.getActiveEnvironmentPath());
      path = resolved?.executable.uri?.fsPath ?? null;
    } catch (error) {
      this.log.warn(`The Python extension could not resolve its interpreter, so it is not used: ${error}`);
    }
    if (path !== this.interpreter) {
      this.interpreter = path;
      this.changed.fire();
    }
  }

  dispose(): void {
    for (const subscription of this.subscriptions) {
      subscription.dispose();
    }
  }
}
