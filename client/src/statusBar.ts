import { type Disposable, MarkdownString, StatusBarAlignment, type StatusBarItem, ThemeColor, window } from 'vscode';
import type { State } from '../../server/src/protocol/clientMessages';
import { interpreterLabel, interpreterSource } from './interpreterLabel';
import { activePythonEditor } from './places';
import type { Server } from './server';

/** The status bar's word on which interpreter captures run in; shown beside Python files, a click chooses another. */
export class StatusBar implements Disposable {
  private readonly item: StatusBarItem;
  private readonly subscriptions: Disposable[];
  private known = false;

  constructor(server: Server) {
    this.item = window.createStatusBarItem('layerPeek.interpreter', StatusBarAlignment.Right, 90);
    this.item.name = 'Layer Peek Interpreter';
    this.item.command = 'layerPeek.selectInterpreter';
    this.subscriptions = [
      this.item,
      server.onState((state) => this.show(state)),
      window.onDidChangeActiveTextEditor(() => this.place()),
    ];
  }

  private show({ interpreter, capturing }: State): void {
    const problem = interpreter === null ? 'No Python interpreter was found.' : interpreter.problem;
    this.item.text = `$(${capturing ? 'loading~spin' : 'layers'}) ${interpreterLabel(interpreter)}`;
    this.item.backgroundColor = problem === null ? undefined : new ThemeColor('statusBarItem.warningBackground');
    this.item.tooltip = new MarkdownString();
    if (interpreter !== null) {
      this.item.tooltip.appendMarkdown('Layer Peek runs models with\n');
      this.item.tooltip.appendCodeblock(interpreter.path, 'text');
      this.item.tooltip.appendMarkdown(`from ${interpreterSource(interpreter)}.\n\n`);
    }
    this.item.tooltip.appendText(problem === null ? '' : `${problem}\n`);
    this.item.tooltip.appendMarkdown('\nClick to choose another interpreter.');
    this.known = true;
    this.place();
  }

  private place(): void {
    if (this.known && activePythonEditor() !== undefined) {
      this.item.show();
    } else {
      this.item.hide();
    }
  }

  dispose(): void {
    for (const subscription of this.subscriptions) {
      subscription.dispose();
    }
  }
}
