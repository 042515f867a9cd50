/** Hover over a string that names layers: which they are, where they are made, and what went in and out of them. */

import type { Hover, Position } from 'vscode-languageserver';
import { fileUri, type OpenFile } from '../documents';
import type { PathString } from '../model/pathString';
import { toRange } from '../positions';
import { type NamedLayer, pathHoverText } from '../render/pathHoverText';
import type { LayerMatch } from '../source/layerMatch';
import type { ServerState } from '../state';
import { isStale } from './captureDrift';
import { layersNamed, pathStringAt } from './pathStrings';

export function pathHover(state: ServerState, open: OpenFile, position: Position): Hover | null {
  const string = pathStringAt(open, position);
  const matches = string === null ? [] : layersNamed(state, open, string);
  if (string === null || matches.length === 0) {
    return null;
  }
  const captured = isOne(string) ? capturedOf(state, matches) : null;
  const value = pathHoverText({ text: string.text, one: isOne(string), layers: matches.map(namedLayer), captured });
  return { contents: { kind: 'markdown', value }, range: toRange(string.range) };
}

/** True for a string that names one layer of a model, not all whose path it fits. */
function isOne({ relation, literal }: PathString): boolean {
  return literal && (relation === 'path' || relation === 'parent' || relation === 'child');
}

function namedLayer({ layer, model, path }: LayerMatch): NamedLayer {
  return {
    path,
    className: model.className,
    constructorName: layer.constructorName,
    certain: layer.certain,
    file: layer.file,
    uri: fileUri(layer.file),
    line: layer.range.line,
  };
}

/** The newest capture of a model that has the path. */
function capturedOf(state: ServerState, matches: readonly LayerMatch[]) {
  for (const stored of state.captures.all()) {
    const { capture } = stored;
    const match = matches.find(
      ({ model, path }) =>
        model.file === capture.file &&
        model.className === capture.className &&
        capture.modules.some((module) => module.paths.includes(path)),
    );
    const module = capture.modules.find((one) => match !== undefined && one.paths.includes(match.path));
    if (module !== undefined) {
      return {
        capture,
        module,
        calls: capture.calls.filter((call) => module.paths.includes(call.path)),
        uncalled: capture.uncalled.find((one) => module.paths.includes(one.path))?.reason ?? null,
        stale: isStale(state, stored),
      };
    }
  }
  return null;
}
