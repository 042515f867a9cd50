import { commands, type Disposable, type ExtensionContext } from 'vscode';
import { commands as names } from '../../server/src/protocol/clientMessages';
import { Captures } from './capture';
import { copyLayerPath } from './copyLayerPath';
import { editRecipe } from './directive';
import { EditorEnvironment } from './environment';
import { goToDefinition } from './goToDefinition';
import { goToLayer } from './goToLayer';
import { selectInterpreter } from './interpreterPicker';
import { ServerProcess } from './languageClient';
import { Layers } from './layers';
import { LayersView } from './layersView';
import { Output } from './output';
import { Server } from './server';
import { StatusBar } from './statusBar';

/** Composition root of the client: makes the parts, connects them, and owns them until VS Code deactivates the extension. */
export function activate(context: ExtensionContext): void {
  const output = new Output();
  const environment = new EditorEnvironment(output.log, (context.storageUri ?? context.globalStorageUri).fsPath);
  const module = context.asAbsolutePath('dist/server.js');
  const process = new ServerProcess(module, () => environment.current(), output.log);
  const server = new Server(process.client, output.log);
  const layers = new Layers(server, output.log);
  const captures = new Captures(server, layers, output);

  const command = (name: string, run: (argument?: unknown) => unknown): Disposable =>
    commands.registerCommand(name, run);
  context.subscriptions.push(
    output,
    environment,
    environment.onDidChange((present) => server.sendEnvironment(present)),
    process,
    server,
    server.onOutput((text) => output.model.append(text)),
    server.onState(({ capturing }) => void commands.executeCommand('setContext', 'layerPeek.capturing', capturing)),
    layers,
    captures,
    new LayersView(layers),
    new StatusBar(server),
    command(names.captureOutput, (argument) => captures.captureOutput(argument)),
    command(names.captureAll, (argument) => captures.captureAll(argument)),
    command(names.cancelCapture, () => captures.cancel()),
    command(names.editRecipe, (argument) => editRecipe(server, layers, argument)),
    command(names.copyLayerPath, (argument) => copyLayerPath(layers, argument)),
    command('layerPeek.goToDefinition', goToDefinition),
    command('layerPeek.goToLayer', () => goToLayer(server)),
    command('layerPeek.selectInterpreter', () => selectInterpreter(server)),
    command('layerPeek.showModelOutput', () => output.model.show(true)),
    command('layerPeek.restartServer', () => process.restart()),
  );
  // The server starts beside the activation, which does not wait for it.
  void process.start();
}
