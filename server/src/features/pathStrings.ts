/** Layer paths inside strings: which layers a string names. Shared by completion, hover, definition and hints. */

import type { Position } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { OpenFile } from '../documents';
import type { KnownModel } from '../model/knownModel';
import type { PathString } from '../model/pathString';
import { contains, toRange } from '../positions';
import type { LayerMatch } from '../source/layerMatch';
import { LayerIndex } from '../source/layerSearch';
import { isTensorName } from '../source/tensorNames';
import type { ServerState } from '../state';
import { mayBeInsideString } from './insideString';

/** The string that the position is in, its ends included; null where it names no layers. */
export function pathStringAt(open: OpenFile, position: Position): PathString | null {
  return mayNamePath(open.document, position)
    ? (open.pathStrings.find((one) => contains(one.range, position)) ?? null)
    : null;
}

/** False where no string of the position's line can name layers there: told without a look at the rest of the file, which need not be mapped. */
export function mayNamePath(document: TextDocument, position: Position): boolean {
  const start = { line: position.line, character: 0 };
  return mayBeInsideString(document.getText({ start, end: position }));
}

/** The models that the string's expression may be; null where that is not known. */
export function modelsOf(state: ServerState, open: OpenFile, one: PathString): readonly KnownModel[] | null {
  if (one.model === null) {
    return null;
  }
  const offset = open.document.offsetAt(toRange(one.model.range).start);
  const models = state.modelOf(open, one.model.text, offset);
  return models !== null && models.length > 0 ? models : null;
}

/** Where the string's paths are looked up: in its model, else in all of the workspace, those of the file first. */
export function indexFor(state: ServerState, open: OpenFile, one: PathString): LayerIndex {
  const models = modelsOf(state, open, one);
  return models === null ? state.layers() : new LayerIndex(models);
}

/** The layers that the string names, those of its own file first; none where it names none that is known. */
export function layersNamed(state: ServerState, open: OpenFile, one: PathString): LayerMatch[] {
  const matches = matchesIn(indexFor(state, open, one), one);
  const own = (match: LayerMatch): boolean => match.model.file === open.file;
  return [...matches.filter(own), ...matches.filter((match) => !own(match))];
}

function matchesIn(index: LayerIndex, one: PathString): LayerMatch[] {
  const { text } = one;
  const trimmed = text.replace(/^\.|\.$/g, '');
  if (trimmed === '') {
    return [];
  }
  switch (one.relation) {
    case 'path':
      return firstFound([
        () => index.find(text),
        () => (one.names === 'tensor' ? index.lookUp(text) : []),
        () => (one.names === 'tensor' ? index.holding(text) : []),
      ]);
    case 'parent':
      // An operation that runs again has a number behind its name.
      return firstFound([
        () => index.find(text),
        () => index.find(text.replace(/_\d+$/, '')),
        () => index.find(text.split('.').slice(0, -1).join('.')),
      ]);
    case 'child':
      return text.includes('.') ? [] : index.find(text);
    case 'prefix':
      return firstFound([() => index.find(trimmed), () => index.containing(text, true), () => index.holding(trimmed)]);
    case 'suffix':
      return index.ending(one.names === 'tensor' ? withoutTensor(trimmed) : trimmed);
    case 'part':
      return firstFound([() => index.containing(text, false), () => index.ending(trimmed)]);
  }
}

function firstFound(ways: readonly (() => LayerMatch[])[]): LayerMatch[] {
  for (const way of ways) {
    const found = way();
    if (found.length > 0) {
      return found;
    }
  }
  return [];
}

function withoutTensor(text: string): string {
  const names = text.split('.');
  return isTensorName(names.at(-1) ?? '') ? names.slice(0, -1).join('.') : text;
}
