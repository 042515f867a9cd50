/** Shapes at the end of definition lines, of call lines, and of lines whose functions have no module. */

import type { InlayHint, Range } from 'vscode-languageserver';
import type { OpenFile } from '../documents';
import { endOfLine } from '../positions';
import { lineText, STALE_MARK } from '../render/lineText';
import type { Annotation, ServerState } from '../state';
import { annotationHover } from './hover';

export function inlayHints(state: ServerState, open: OpenFile, range: Range): InlayHint[] {
  if (!state.showsHints) {
    return [];
  }
  const byLine = new Map<number, Annotation[]>();
  for (const one of state.annotations(open)) {
    if (one.line - 1 >= range.start.line && one.line - 1 <= range.end.line) {
      byLine.set(one.line, [...(byLine.get(one.line) ?? []), one]);
    }
  }
  return [...byLine].flatMap(([line, annotations]) => {
    const texts = annotations.map(lineText).filter((text) => text !== '');
    const [first] = annotations;
    if (texts.length === 0 || first === undefined) {
      return [];
    }
    const stale = annotations.some((one) => one.stale) ? STALE_MARK : '';
    const hint: InlayHint = {
      position: endOfLine(open.document, line),
      label: `${stale}${texts.join('  ')}`,
      paddingLeft: true,
      tooltip: { kind: 'markdown', value: annotationHover(first, open.file, new Map()) },
    };
    return [hint];
  });
}
