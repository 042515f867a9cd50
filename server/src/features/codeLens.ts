/** Lenses: on a layer definition its paths and "Capture output", on a module class "Capture all outputs" and its recipe. */

import type { CodeLens, Command, Range } from 'vscode-languageserver';
import type { OpenFile } from '../documents';
import type { ModuleClass } from '../model/moduleClass';
import { type CaptureParams, commands } from '../protocol/clientMessages';
import { recipeLabel } from '../recipe/recipeLabel';
import { lineText, STALE_MARK, unregisteredText } from '../render/lineText';
import { shorten } from '../render/value';
import type { ClassGraph } from '../source/classGraph';
import type { OuterCode } from '../source/ownRecipes';
import { type Structure, structureOf } from '../source/structure';
import type { ServerState } from '../state';
import { type CaptureTarget, captureTarget } from './captureTarget';
import { type DefinedLine, linesByOwner, pathsByRoot } from './layerPaths';

/** Paths told in a lens before the rest is counted; the hover has them all. */
const LISTED = 3;

export function codeLenses(state: ServerState, open: OpenFile): CodeLens[] {
  if (!state.settings.codeLens.enabled) {
    return [];
  }
  const lenses: CodeLens[] = [];
  for (const owner of open.parsed.classes) {
    lenses.push(...classLenses(state, open, owner));
  }
  const lists = linesByOwner(state, open);
  const apart = new Set(lists.filter((lines) => standsInside(lines)));
  const others = joinedLines(lists.filter((lines) => !apart.has(lines)).flat());
  // Two classes share a line where a function outside of them builds layers of both.
  const taken = others.length === 0 ? null : new Set([...apart].flatMap((lines) => lines.map((one) => one.line)));
  if (others.some(({ line }) => taken?.has(line) === true)) {
    return [...lenses, ...joinedLines(lists.flat()).flatMap((line) => lineLenses(state, open, line))];
  }
  for (const lines of apart) {
    lenses.push(...listLenses(state, open, lines));
  }
  return [...lenses, ...others.flatMap((line) => lineLenses(state, open, line))];
}

/** True where all lines stand in the statement of their class. */
function standsInside(lines: readonly DefinedLine[]): boolean {
  let inside = insideByList.get(lines);
  if (inside === undefined) {
    inside = lines.every(
      ({ owner, line }) => owner !== null && line >= owner.range.line && line <= owner.range.endLine,
    );
    insideByList.set(lines, inside);
  }
  return inside;
}

const insideByList = new WeakMap<readonly DefinedLine[], boolean>();
const lensesByList = new WeakMap<readonly DefinedLine[], CodeLens[]>();

function listLenses(state: ServerState, open: OpenFile, lines: readonly DefinedLine[]): readonly CodeLens[] {
  const isPlain = state.running === null && lines.every((one) => one.annotation === null);
  const known = isPlain ? lensesByList.get(lines) : undefined;
  if (known !== undefined) {
    return known;
  }
  const lenses = joinedLines(lines).flatMap((line) => lineLenses(state, open, line));
  if (isPlain) {
    lensesByList.set(lines, lenses);
  }
  return lenses;
}

const recipesByClass = new WeakMap<
  ModuleClass,
  {
    graph: ClassGraph;
    structure: Structure;
    code: OuterCode | null;
    captured: number;
    stale: boolean;
    lenses: CodeLens[];
  }
>();

function classLenses(state: ServerState, open: OpenFile, owner: ModuleClass): CodeLens[] {
  const range = lineRange(owner.range.line);
  const { running } = state;
  if (running?.uri === open.uri && running.className === owner.name && running.line === null) {
    return runningLenses(running.stage, range);
  }
  // An edit leaves most classes as they are, with all that their recipes hang on.
  const { graph } = state.index;
  const structure = structureOf(open.parsed);
  const code = state.index.outerCode(open.file);
  const captured = state.captures.latest()?.id ?? 0;
  const known = recipesByClass.get(owner);
  const stale = state
    .annotations(open)
    .some(({ stale: isStale, line }) => isStale && owner.range.line <= line && line <= owner.range.endLine);
  const isSame =
    known?.graph === graph &&
    known.structure === structure &&
    known.code === code &&
    known.captured === captured &&
    known.stale === stale;
  if (isSame) {
    return known.lenses;
  }
  const params: CaptureParams = { uri: open.uri, className: owner.name, line: null };
  const capture: Command = {
    title: '$(play) Capture all outputs',
    tooltip: `Run the model once and show what goes in and out of every layer`,
    command: commands.captureAll,
    arguments: [params],
  };
  const lenses = [
    { range, command: capture },
    { range, command: recipeCommand(state, open, owner, stale) },
  ];
  recipesByClass.set(owner, { graph, structure, code, captured, stale, lenses });
  return lenses;
}

function recipeCommand(state: ServerState, open: OpenFile, owner: ModuleClass, stale: boolean): Command {
  const target = captureTarget(state, open, owner.name);
  const planned = target?.planned ?? null;
  const isElsewhere = target !== null && target.file !== open.file;
  const ran = state.captures.forFile(open.file).find((one) => one.capture.className === planned?.className)?.capture;
  const found = planned !== null && planned.expression === null ? (ran?.recipe.expression ?? null) : null;
  const told =
    found === null ? plannedLabel(state, target) : `${found}${ran?.recipe.assumed === true ? ' (assumed)' : ''}`;
  const isInside = isElsewhere || (planned !== null && planned.className !== owner.name);
  const title = isInside ? `in ${told}` : told;
  return {
    title: `${shorten(title, 100)}${stale ? ' · stale' : ''}`,
    tooltip: `The recipe: how the model is built and called. Click to write it as a comment and edit it.${stale ? ' The shapes are stale: the source has changed since they were captured.' : ''}`,
    command: commands.editRecipe,
    arguments: [{ uri: open.uri, className: owner.name }],
  };
}

/** Before a run: the recipe that the class's own file shows, or that it will be found. */
function plannedLabel(state: ServerState, target: CaptureTarget | null): string {
  if (target === null) {
    return 'no recipe';
  }
  const { file, planned } = target;
  const owned = planned.expression === null ? state.index.ownRecipesOf({ file, className: planned.className }) : [];
  return recipeLabel(planned, owned);
}

const lensesByLine = new WeakMap<DefinedLine, CodeLens[]>();

function lineLenses(state: ServerState, open: OpenFile, line: DefinedLine): CodeLens[] {
  const range = lineRange(line.line);
  const { running } = state;
  if (running?.uri === open.uri && running.line === line.line - 1) {
    return runningLenses(running.stage, range);
  }
  // What a run tells hangs on more than the line, which is made anew for each version then.
  const known = line.annotation === null ? lensesByLine.get(line) : undefined;
  if (known !== undefined) {
    return known;
  }
  const told = pathsByRoot(line);
  const listed = told.slice(0, LISTED).join(', ');
  const more = told.length - LISTED;
  const name = `${listed}${more > 0 ? ` +${more} more` : ''}${line.certain ? '' : ' ?'}`;
  const ran = line.annotation === null ? '' : lineText(line.annotation);
  const atEnd = ran !== '' && line.annotation?.stale === true ? `${STALE_MARK}${ran}` : ran;
  const rest = line.annotation === null || atEnd !== '' ? '' : unregisteredText(line.annotation);
  const shape = [state.showsHints ? '' : atEnd, rest].map((text) => (text === '' ? '' : `  ${text}`)).join('');
  const params: CaptureParams = { uri: open.uri, className: line.owner?.name ?? null, line: line.line - 1 };
  const lenses: CodeLens[] = [
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
  lensesByLine.set(line, lenses);
  return lenses;
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
    byLine.set(line.line, before === undefined ? line : joined(before, line));
  }
  return [...byLine.values()];
}

function joined(before: DefinedLine, line: DefinedLine): DefinedLine {
  return {
    ...before,
    paths: [...new Set([...before.paths, ...line.paths])],
    byRoot: [...before.byRoot, ...line.byRoot],
    certain: before.certain && line.certain,
  };
}
