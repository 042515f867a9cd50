import { Disposable, type LogOutputChannel, workspace } from 'vscode';
import type { Environment } from '../../server/src/protocol/clientMessages';
import { PythonEnvironment } from './pythonEnvironment';

/** What the client alone knows and the server has to be told: trust, the Python extension's interpreter, a folder to keep things in. */
export class EditorEnvironment implements Disposable {
  private readonly python: PythonEnvironment;

  /** `cacheFolder` is the extension's own folder for this workspace. */
  constructor(
    log: LogOutputChannel,
    private readonly cacheFolder: string,
  ) {
    this.python = new PythonEnvironment(log);
  }

  current(): Environment {
    return {
      ownsCommands: true,
      trusted: workspace.isTrusted,
      pythonFromExtension: this.python.path,
      cacheFolder: this.cacheFolder,
    };
  }

  /** Calls `listener` with the new environment whenever a part of it changes. */
  onDidChange(listener: (environment: Environment) => void): Disposable {
    return Disposable.from(
      workspace.onDidGrantWorkspaceTrust(() => listener(this.current())),
      this.python.onDidChange(() => listener(this.current())),
    );
  }

  dispose(): void {
    this.python.dispose();
  }
}
