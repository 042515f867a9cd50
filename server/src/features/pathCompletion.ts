/** Completion in strings that name layers: name by name along the path, nothing elsewhere. */

import { type CompletionItem, CompletionItemKind, type CompletionList } from 'vscode-languageserver';
import type { OpenFile } from '../documents';
import type { PathString } from '../model/pathString';
import { toRange } from '../positions';
import type { Completion } from '../source/completePath';
import type { LayerIndex } from '../source/layerSearch';
import { tensorNamesOf } from '../source/tensorNames';
import type { ServerState } from '../state';
import { indexFor, pathStringAt } from './pathStrings';
import type { TypingCursor } from './typingCursor';

/** Items shown at once; typing narrows them down. */
const MAX_ITEMS = 200;

/** The file may be a later one that the cursor fits; ranges are those of the text in which it was asked. */
export function pathCompletion(state: ServerState, open: OpenFile, cursor: TypingCursor): CompletionList | null {
  const { position } = cursor;
  const string = pathStringAt(open, position);
  if (string === null || !string.literal) {
    return null;
  }
  const now = toRange(string.range);
  if (now.start.line !== now.end.line) {
    return null;
  }
  const end = Math.max(position.character, now.end.character - cursor.typed(open.document));
  const range = { start: now.start, end: { line: now.end.line, character: end } };
  const typed = string.text.slice(0, position.character - range.start.character);
  const index = indexFor(state, open, string);
  const items = proposals(index, string, typed)
    .filter((one) => isBegun(one.path, typed))
    .slice(0, MAX_ITEMS)
    .map(
      (one, at): CompletionItem => ({
        label: one.path,
        kind: one.hasChildren ? CompletionItemKind.Module : CompletionItemKind.Field,
        detail: detail(one, string),
        filterText: one.path,
        sortText: String(at).padStart(4, '0'),
        textEdit: { range, newText: one.path },
      }),
    );
  // What follows a dot, and longer paths, are asked for as they are typed.
  return { isIncomplete: true, items };
}

function proposals(index: LayerIndex, string: PathString, typed: string): Completion[] {
  switch (string.relation) {
    case 'suffix':
      return index.completeEnding();
    case 'part':
      return [...index.completeEnding(), ...index.complete('')];
    case 'child':
      return index.complete('');
    default:
      return string.names === 'tensor' ? [...tensors(index, typed), ...index.complete(typed)] : index.complete(typed);
  }
}

/** Parameters and buffers of the layer whose path stands before the last dot. */
function tensors(index: LayerIndex, typed: string): Completion[] {
  const layer = typed.slice(0, Math.max(0, typed.lastIndexOf('.')));
  const builders = new Set(index.find(layer).map((match) => match.layer.constructorName));
  const names = new Set([...builders].flatMap(tensorNamesOf));
  return [...names].map((name) => ({ path: `${layer}.${name}`, constructorName: null, count: 1, hasChildren: false }));
}

/** True where the letters typed come in the path in their order: an editor would leave others out too. */
function isBegun(path: string, typed: string): boolean {
  let at = 0;
  for (const letter of typed.toLowerCase()) {
    at = path.toLowerCase().indexOf(letter, at) + 1;
    if (at === 0) {
      return false;
    }
  }
  return true;
}

function detail({ constructorName, count }: Completion, { relation }: PathString): string {
  const many = (relation === 'suffix' || relation === 'part') && count > 1 ? `${count} layers` : '';
  return [constructorName ?? '', many].filter((text) => text !== '').join(', ');
}
