/** Go to Definition from a string that names layers: to the statements that make them. */

import type { Location, LocationLink, Position } from 'vscode-languageserver';
import { fileUri, type OpenFile } from '../documents';
import { toRange } from '../positions';
import type { ServerState } from '../state';
import { layersNamed, pathStringAt } from './pathStrings';

/** Places listed; a name such as `weight` may stand at more than anyone looks through. */
const MAX_PLACES = 50;

/** One link for each place; nothing outside of such strings, where a Python language server answers. */
export function pathDefinition(state: ServerState, open: OpenFile, position: Position): LocationLink[] {
  const string = pathStringAt(open, position);
  if (string === null) {
    return [];
  }
  const links = new Map<string, LocationLink>();
  for (const { layer } of layersNamed(state, open, string)) {
    const range = toRange(layer.range);
    const key = `${layer.file} ${layer.range.line} ${layer.range.column}`;
    if (!links.has(key) && links.size < MAX_PLACES) {
      links.set(key, {
        originSelectionRange: toRange(string.range),
        targetUri: fileUri(layer.file),
        targetRange: range,
        targetSelectionRange: range,
      });
    }
  }
  return [...links.values()];
}

/** For editors that know no links. */
export function asLocations(links: readonly LocationLink[]): Location[] {
  return links.map((link) => ({ uri: link.targetUri, range: link.targetSelectionRange }));
}
