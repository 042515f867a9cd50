/** Why a hover has nothing of a run to tell of a definition. */

import type { StoredCapture } from '../capture/captureStore';
import type { OpenFile } from '../documents';
import { sourceDrift } from '../mapping/sourceDrift';
import type { ServerState } from '../state';
import type { DefinedLine } from './layerPaths';

const NEVER = 'Not captured yet.';

/** A sentence for a line that no capture annotates. */
export function whyNotCaptured(state: ServerState, open: OpenFile, { ref }: Pick<DefinedLine, 'ref'>): string {
  const last = state.captures.all().find((one) => one.complete && speaksOf(one, ref));
  if (last === undefined) {
    return NEVER;
  }
  const { capture, sources } = last;
  const model = `\`${capture.className ?? 'the model'}\``;
  if (capture.modules.length === 0) {
    return `The last capture of ${model} ended before its layers were built.`;
  }
  const captured = sources.get(open.file);
  if (captured === undefined || sourceDrift(captured, open.text).stale || state.recipeChanged(last)) {
    return `The last capture of ${model} has no layer from this line, and the source has changed since. Capture again.`;
  }
  return capture.status === 'ok'
    ? `The last capture of ${model} saw no call of a layer from this line.`
    : `The last capture of ${model} ended before a layer from this line was called.`;
}

function speaksOf({ capture }: StoredCapture, { file, className }: DefinedLine['ref']): boolean {
  return (
    (capture.file === file && capture.className === className) ||
    (capture.classes ?? []).some((one) => one.file === file && one.name === className)
  );
}
