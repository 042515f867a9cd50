import { ConfigurationTarget, type QuickPickItem, QuickPickItemKind, window, workspace } from 'vscode';
import type { Interpreter } from '../../server/src/protocol/clientMessages';
import { interpreterLabel, interpreterSource } from './interpreterLabel';
import { activePythonEditor } from './places';
import { hasPythonExtension } from './pythonEnvironment';
import type { Server } from './server';

type Choice = QuickPickItem & { choose?: () => Promise<void> };

/** Command "Choose Interpreter": writes the setting `layerPeek.python.path`, or clears it. */
export async function selectInterpreter(server: Server): Promise<void> {
  const found = server.interpreters(activePythonEditor()?.document.uri.toString() ?? null);
  const choices = found.then((interpreters) => [...interpreters.map(asChoice), ...otherChoices()]);
  const chosen = await window.showQuickPick(choices, {
    title: 'Layer Peek: Interpreter',
    placeHolder: 'The Python that runs your models; it needs torch',
    matchOnDescription: true,
    matchOnDetail: true,
  });
  await chosen?.choose?.();
}

function asChoice(interpreter: Interpreter, index: number): Choice {
  const label = interpreterLabel(interpreter);
  return {
    label: `$(${index === 0 ? 'check' : 'blank'}) ${label}`,
    description: interpreter.problem === null ? interpreter.path : `$(warning) ${interpreter.path}`,
    detail: [`From ${interpreterSource(interpreter)}`, interpreter.problem].filter(Boolean).join('. '),
    choose: () => writePath(interpreter.path),
  };
}

function otherChoices(): Choice[] {
  const automatic: Choice = {
    label: hasPythonExtension()
      ? "$(discard) Use the Python extension's interpreter"
      : '$(discard) Find the interpreter automatically',
    detail: 'Clears the setting layerPeek.python.path',
    choose: clearPath,
  };
  return [
    { label: '', kind: QuickPickItemKind.Separator },
    { label: '$(edit) Enter interpreter path…', choose: enterPath },
    { label: '$(folder-opened) Browse…', choose: browse },
    ...(isPathSet() ? [automatic] : []),
  ];
}

async function enterPath(): Promise<void> {
  const path = await window.showInputBox({
    title: 'Layer Peek: Interpreter',
    prompt: 'Path of a Python executable',
    placeHolder: '/path/to/venv/bin/python',
    value: workspace.getConfiguration('layerPeek').get('python.path', ''),
    validateInput: (text) => (text.trim() === '' ? 'Enter the path of a Python executable.' : undefined),
  });
  if (path !== undefined) {
    await writePath(path.trim());
  }
}

async function browse(): Promise<void> {
  const files = await window.showOpenDialog({ title: 'Python executable', openLabel: 'Use' });
  if (files?.[0] !== undefined) {
    await writePath(files[0].fsPath);
  }
}

function isPathSet(): boolean {
  return workspace.getConfiguration('layerPeek').get('python.path', '') !== '';
}

/** With a folder open the choice is the workspace's, since each has its own environment. */
async function writePath(path: string): Promise<void> {
  const hasFolder = workspace.workspaceFolders !== undefined && workspace.workspaceFolders.length > 0;
  const target = hasFolder ? ConfigurationTarget.Workspace : ConfigurationTarget.Global;
  await workspace.getConfiguration('layerPeek').update('python.path', path, target);
}

async function clearPath(): Promise<void> {
  const settings = workspace.getConfiguration('layerPeek');
  const present = settings.inspect('python.path');
  if (present?.workspaceValue !== undefined) {
    await settings.update('python.path', undefined, ConfigurationTarget.Workspace);
  }
  if (present?.globalValue !== undefined) {
    await settings.update('python.path', undefined, ConfigurationTarget.Global);
  }
}
