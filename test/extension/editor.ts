/** What a user sees in the editor, through the commands that VS Code offers for asking its providers. */

import path from 'node:path';
import * as vscode from 'vscode';
import { until } from '../host/limits.mjs';

const LIMIT_MS = 30_000;

/** The window's folder: a copy of the examples. */
export function exampleUri(name: string): vscode.Uri {
  const folder = vscode.workspace.workspaceFolders?.[0];
  if (folder === undefined) {
    throw new Error('The window has no folder.');
  }
  return vscode.Uri.joinPath(folder.uri, name);
}

/** Opens an example and waits until the extension is active. */
export async function openExample(name: string): Promise<vscode.TextEditor> {
  const editor = await vscode.window.showTextDocument(exampleUri(name));
  const extension = vscode.extensions.getExtension('layer-peek.layer-peek');
  await until('the extension to be active', () => extension?.isActive, LIMIT_MS);
  return editor;
}

/** Takes back what a test typed, so that the next one finds the example as it is on disk. */
export async function revert(): Promise<void> {
  await vscode.commands.executeCommand('workbench.action.files.revert');
}

/** 0-based number of the first line that holds this text. */
export function lineWith(document: vscode.TextDocument, part: string): number {
  const line = document
    .getText()
    .split('\n')
    .findIndex((text) => text.includes(part));
  if (line === -1) {
    throw new Error(`${path.basename(document.fileName)} has no line with ${part}`);
  }
  return line;
}

/** The lenses, resolved, in the order of their lines. */
export async function lenses(document: vscode.TextDocument): Promise<vscode.CodeLens[]> {
  const all = await vscode.commands.executeCommand<vscode.CodeLens[]>(
    'vscode.executeCodeLensProvider',
    document.uri,
    1000,
  );
  return [...all].sort((a, b) => a.range.start.line - b.range.start.line);
}

/** Waits for a lens with this title on the line that holds `part`. */
export function lensOn(document: vscode.TextDocument, part: string, title: string): Promise<vscode.CodeLens> {
  return until(
    `the lens "${title}" on the line with ${part}`,
    async () => {
      const line = lineWith(document, part);
      return (await lenses(document)).find(
        (lens) => lens.range.start.line === line && lens.command?.title.includes(title),
      );
    },
    LIMIT_MS,
  );
}

/** Does what a click on the lens does, and waits until that has ended. */
export async function click(lens: vscode.CodeLens): Promise<void> {
  if (lens.command === undefined) {
    throw new Error('The lens has no command.');
  }
  await vscode.commands.executeCommand(lens.command.command, ...(lens.command.arguments ?? []));
}

/** Texts of the inlay hints on the line that holds `part`. */
export async function hintsOn(document: vscode.TextDocument, part: string): Promise<string[]> {
  const whole = new vscode.Range(0, 0, document.lineCount, 0);
  const hints = await vscode.commands.executeCommand<vscode.InlayHint[]>(
    'vscode.executeInlayHintProvider',
    document.uri,
    whole,
  );
  const line = lineWith(document, part);
  return hints.filter((hint) => hint.position.line === line).map(({ label }) => labelText(label));
}

/** Waits until a hint on the line that holds `part` contains the text; gives that hint. */
export function hintOn(document: vscode.TextDocument, part: string, text: string): Promise<string> {
  return until(
    `a hint with ${text} on the line with ${part}`,
    async () => (await hintsOn(document, part)).find((hint) => hint.includes(text)),
    LIMIT_MS,
  );
}

/** Text of all hovers on the first occurrence of `word` in the line that holds `part`. */
export async function hoverOn(document: vscode.TextDocument, part: string, word: string): Promise<string> {
  const line = lineWith(document, part);
  const position = new vscode.Position(line, document.lineAt(line).text.indexOf(word) + 1);
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
    'vscode.executeHoverProvider',
    document.uri,
    position,
  );
  return hovers
    .flatMap((hover) => hover.contents)
    .map((content) => (typeof content === 'string' ? content : content.value))
    .join('\n');
}

/** Waits for a diagnostic of the extension on the line that holds `part`. */
export function diagnosticOn(document: vscode.TextDocument, part: string): Promise<vscode.Diagnostic> {
  return until(
    `a diagnostic on the line with ${part}`,
    () => {
      const line = lineWith(document, part);
      return vscode.languages.getDiagnostics(document.uri).find((one) => one.range.start.line === line);
    },
    LIMIT_MS,
  );
}

function labelText(label: vscode.InlayHint['label']): string {
  return typeof label === 'string' ? label : label.map((part) => part.value).join('');
}
