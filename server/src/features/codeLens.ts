/** Lenses: on a layer definition its paths and "Capture output", on a module class "Capture all outputs" and its recipe. */

import type { CodeLens, Command, Range } from 'vscode-languageserver';
import type { OpenFile } from '../documents';
import type { ModuleClass } from '../model/moduleClass';
import { type CaptureParams, commands } from '../protocol/clientMessages';
import { lineText } from '../render/lineText';
import { shorten } from '../render/value';
import type { ServerState } from '../state';
import { captureTarget } from './captureTarget';
import { type DefinedLine, definedLines, pathsByRoot } from './layerPaths';

/** Paths told in a lens before the rest is counted; the hover has them all. */
const LISTED = 3;

export function codeLenses(state: ServerState, open: OpenFile): CodeLens[] {
  if (!state.settings.codeLens.enabled) {
    return [];
  }
  return [
    ...open.parsed.classes.flatMap((owner) => classLenses(state, open, owner)),
    ...joinedLines(definedLines(state, open)).flatMap((line) => lineLenses(state, open, line)),
  ];
}

function classLenses(state: ServerState, open: OpenFile, owner: ModuleClass): CodeLens[] {
  const range = lineRange(owner.range.line);
  const { running } = state;
  if (running?.uri === open.uri && running.className === owner.name && running.line === null) {
    return runningLenses(running.stage, range);
  }
  const params: CaptureParams = { uri: open.uri, className: owner.name, line: null };
  const capture: Command = {
    title: '$(play) Capture all outputs',
    tooltip: `Run the model once and show what goes in and out of every layer`,
    command: commands.captureAll,
    arguments: [params],
  };
  return [
    { range, command: capture },
    { range, command: recipeCommand(state, open, owner) },
  ];
}

function recipeCommand(state: ServerState, open: OpenFile, owner: ModuleClass): Command {
  const target = captureTarget(state, open, owner.name);
  const planned = target?.planned ?? null;
  const isElsewhere = target !== null && target.file !== open.file;
  const ran = state.captures.forFile(open.file).find((one) => one.capture.className === planned?.className)?.capture;
  const found = planned !== null && planned.expression === null ? (ran?.recipe.expression ?? null) : null;
  const told =
    found === null ? (planned?.label ?? 'no recipe') : `${found}${ran?.recipe.assumed === true ? ' (assumed)' : ''}`;
  const title = isElsewhere ? `in ${told}` : told;
  return {
    title: shorten(title, 100),
    tooltip: 'The recipe: how the model is built and called. Click to write it as a comment and edit it.',
    command: commands.editRecipe,
    arguments: [{ uri: open.uri, className: owner.name }],
  };
}

function lineLenses(state: ServerState, open: OpenFile, line: DefinedLine): CodeLens[] {
  const range = lineRange(line.line);
  const { running } = state;
  if (running?.uri === open.uri && running.line === line.line - 1) {
    return runningLenses(running.stage, range);
  }
  const told = pathsByRoot(line);
  const listed = told.slice(0, LISTED).join(', ');
  const more = told.length - LISTED;
  const name = `${listed}${more > 0 ? ` +${more} more` : ''}${line.certain ? '' : ' ?'}`;
  const shape = state.showsHints || line.annotation === null ? '' : `  ${lineText(line.annotation)}`;
  const params: CaptureParams = { uri: open.uri, className: line.owner?.name ?? null, line: line.line - 1 };
  return [
    {
      range,
      command: {
        title: `${name}${shape}`,
        tooltip: line.certain
          ? 'Copy the layer path'
          : 'Copy the layer path. The source does not tell for certain that this layer exists.',
        command: commands.copyLayerPath,
        arguments: [{ path: line.paths[0] ?? '' }],
      },
    },
    {
      range,
      command: {
        title: 'Capture output',
        tooltip: 'Run the model once and show what goes in and out of this layer',
        command: commands.captureOutput,
        arguments: [params],
      },
    },
  ];
}

function runningLenses(stage: string, range: Range): CodeLens[] {
  return [
    { range, command: { title: `$(loading~spin) ${stage}`, command: '' } },
    { range, command: { title: 'Cancel', command: commands.cancelCapture } },
  ];
}

function lineRange(line: number): Range {
  return { start: { line: line - 1, character: 0 }, end: { line: line - 1, character: 0 } };
}

/** A line may define layers of several classes of other files: one lens tells of all. */
function joinedLines(lines: readonly DefinedLine[]): DefinedLine[] {
  const byLine = new Map<number, DefinedLine>();
  for (const line of lines) {
    const before = byLine.get(line.line);
    const joined =
      before === undefined
        ? line
        : {
            ...before,
            paths: [...new Set([...before.paths, ...line.paths])],
            byRoot: [...before.byRoot, ...line.byRoot],
            certain: before.certain && line.certain,
          };
    byLine.set(line.line, joined);
  }
  return [...byLine.values()];
}
