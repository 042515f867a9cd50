/** The rows of "Go to Layer": what a text typed or pasted may mean, over all models of the workspace. */

import { filePath, fileUri } from '../documents';
import { toRange } from '../positions';
import type { LayersParams, LayersResult } from '../protocol/clientMessages';
import type { ServerState } from '../state';

/** More rows than anyone looks through. */
const ROWS = 200;

export function layersFor(state: ServerState, { query, uri }: LayersParams): LayersResult {
  const index = state.layers();
  const matches = index.query(query, { limit: ROWS, file: uri === null ? null : filePath(uri) });
  return {
    rows: matches.map(({ model, layer, path }) => ({
      path,
      className: model.className,
      location: { uri: fileUri(layer.file), range: toRange(layer.range) },
      constructorName: layer.constructorName,
      certain: layer.certain,
    })),
    known: index.models.reduce((sum, model) => sum + model.layers.length, 0),
  };
}
