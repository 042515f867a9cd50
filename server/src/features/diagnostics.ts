/** The line where the last capture failed, and where the first NaN appeared, until the source changes. */

import type { Diagnostic } from 'vscode-languageserver';
import type { StoredCapture } from '../capture/captureStore';
import type { OpenFile } from '../documents';
import { sourceDrift } from '../mapping/sourceDrift';
import { toRange } from '../positions';
import { errorText } from '../render/errorText';

/**
 * @param last the last capture, also where it saw nothing
 */
export function diagnostics(last: StoredCapture | null, open: OpenFile): Diagnostic[] {
  return last === null ? [] : [...failure(last, open), ...findings(last, open)];
}

/** Where the first NaN and the first infinite value appeared. */
function findings({ capture, sources }: StoredCapture, open: OpenFile): Diagnostic[] {
  const captured = sources.get(open.file);
  const drift = captured === undefined ? null : sourceDrift(captured, open.text);
  if (drift === null || drift.stale) {
    return [];
  }
  return (capture.findings ?? []).flatMap(({ kind, message, site }): Diagnostic[] => {
    const line = site?.file === open.file ? drift.now(site.line) : null;
    if (site === null || line === null) {
      return [];
    }
    const range = toRange({ ...site, line, endLine: line + (site.endLine - site.line) });
    return [{ range, severity: 2, source: 'Layer Peek', code: kind, message }];
  });
}

function failure(last: StoredCapture, open: OpenFile): Diagnostic[] {
  const error = last.capture.error;
  if (error === null || error.kind === 'cancelled') {
    return [];
  }
  const captured = last.sources.get(open.file);
  const drift = captured === undefined ? null : sourceDrift(captured, open.text);
  if (drift?.stale === true) {
    return [];
  }
  const { site } = error;
  if (site?.file === open.file) {
    const line = drift?.now(site.line) ?? site.line;
    const place = { ...site, line, endLine: line + (site.endLine - site.line) };
    return [{ range: toRange(place), severity: 1, source: 'Layer Peek', code: error.kind, message: errorText(error) }];
  }
  if (site === undefined && last.capture.file === open.file && needsRecipe(error.kind)) {
    const owner = open.parsed.classes.find((one) => one.name === last.capture.className);
    const line = owner?.range.line ?? 1;
    const place = { line, endLine: line, column: owner?.range.column ?? 1, endColumn: null };
    const range = { ...toRange(place), end: { line: line - 1, character: 200 } };
    return [{ range, severity: 2, source: 'Layer Peek', code: error.kind, message: errorText(error) }];
  }
  return [];
}

/** Errors that a better recipe mends. */
export function needsRecipe(kind: string): boolean {
  return kind === 'noRecipe' || kind === 'recipe' || kind === 'construct';
}
