/** Hints on strings that must be a layer path and are none of their model; the nearest one is a click away. */

import { type CodeAction, type Diagnostic, DiagnosticSeverity, type Range } from 'vscode-languageserver';
import type { OpenFile } from '../documents';
import type { KnownModel } from '../model/knownModel';
import type { PathString } from '../model/pathString';
import { toRange } from '../positions';
import { LayerIndex } from '../source/layerSearch';
import { isTensorName } from '../source/tensorNames';
import type { ServerState } from '../state';
import { modelsOf } from './pathStrings';

const CODE = 'unknownLayerPath';

interface WrongPath {
  readonly diagnostic: Diagnostic;
  readonly nearest: string | null;
}

/** Only where the call fails on such a path, and all is known of the models that may be meant. A step for each string. */
export function* pathHints(state: ServerState, open: OpenFile): Generator<void, Diagnostic[]> {
  const found: Diagnostic[] = [];
  for (const one of open.pathStrings) {
    const wrong = wrongPath(state, open, one);
    if (wrong !== null) {
      found.push(wrong.diagnostic);
    }
    yield;
  }
  return found;
}

/** Quick fixes in the range: the nearest path instead. */
export function pathFixes(state: ServerState, open: OpenFile, range: Range): CodeAction[] {
  return open.pathStrings.flatMap((one) => {
    const wrong = overlap(toRange(one.range), range) ? wrongPath(state, open, one) : null;
    if (wrong === null || wrong.nearest === null) {
      return [];
    }
    const { diagnostic, nearest } = wrong;
    return [
      {
        title: `Change to "${nearest}"`,
        kind: 'quickfix',
        isPreferred: true,
        diagnostics: [diagnostic],
        edit: { changes: { [open.uri]: [{ range: diagnostic.range, newText: nearest }] } },
      },
    ];
  });
}

function wrongPath(state: ServerState, open: OpenFile, one: PathString): WrongPath | null {
  const models = one.certain && one.literal && one.text !== '' ? modelsOf(state, open, one) : null;
  if (models?.every((model) => model.complete) !== true) {
    return null;
  }
  const checked = checkedPart(one);
  const index = new LayerIndex(models);
  if (checked === null || models.some((model) => mayExist(index, checked, model))) {
    return null;
  }
  const near = index.nearest(checked);
  const nearest = near === null || (one.relation === 'child' && near.includes('.')) ? null : near;
  const rest = one.text.slice(checked.length);
  return {
    nearest: nearest === null ? null : `${nearest}${rest}`,
    diagnostic: {
      range: toRange(one.range),
      severity: DiagnosticSeverity.Information,
      source: 'Layer Peek',
      code: CODE,
      message: message(models, checked, nearest),
    },
  };
}

/** The part of the string that must be the path of a module; null where nothing can be said of it. */
function checkedPart({ text, relation, names }: PathString): string | null {
  if (text.endsWith('.')) {
    // It is still being typed.
    return null;
  }
  const parent = text.includes('.') ? text.slice(0, text.lastIndexOf('.')) : null;
  if (relation === 'parent') {
    return parent;
  }
  if (relation === 'child') {
    return parent === null ? text : null;
  }
  if (relation !== 'path') {
    return null;
  }
  // A name that is no common one may be an entry of a list of parameters, which is not listed among the layers.
  return names === 'module' ? text : isTensorName(text.slice((parent ?? '').length + 1)) ? parent : null;
}

/** False only where something is known to be at the place, and the path is not among it. */
function mayExist(index: LayerIndex, path: string, model: KnownModel): boolean {
  return index.exists(path, model) || !index.existing(path, model).hasChildren;
}

function message(models: readonly KnownModel[], path: string, nearest: string | null): string {
  const names = [...new Set(models.map((model) => model.className))].slice(0, 3).join(', ');
  const has = models.length === 1 ? 'has' : 'have';
  const advice =
    nearest === null
      ? 'The command "Layer Peek: Go to Layer..." lists the paths there are.'
      : `The nearest path is "${nearest}".`;
  return `${names} ${has} no layer "${path}", as far as the source tells, so this call would fail. ${advice}`;
}

function overlap(a: Range, b: Range): boolean {
  const before = (one: Range['start'], other: Range['start']): boolean =>
    one.line < other.line || (one.line === other.line && one.character <= other.character);
  return before(a.start, b.end) && before(b.start, a.end);
}
