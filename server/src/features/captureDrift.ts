/** Whether a capture as a whole still says what the source would give. */

import type { StoredCapture } from '../capture/captureStore';
import { fileUri } from '../documents';
import { sourceDrift } from '../mapping/sourceDrift';
import type { ServerState } from '../state';

/** True where its recipe, or the code of an open file it ran, is another one by now. */
export function isStale(state: ServerState, stored: StoredCapture): boolean {
  return (
    state.recipeChanged(stored) ||
    [...stored.sources].some(([file, text]) => {
      const now = state.documents.get(fileUri(file));
      return now !== null && sourceDrift(text, now.text).stale;
    })
  );
}
