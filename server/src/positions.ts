/** The one place where 1-based source lines and columns become LSP positions (0-based, UTF-16). */

import type { Position, Range } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';

interface Place {
  readonly line: number;
  readonly endLine: number;
  readonly column: number | null;
  readonly endColumn: number | null;
}

/** A source range as LSP range; without columns it covers the line. */
export function toRange(place: Place): Range {
  return {
    start: { line: place.line - 1, character: (place.column ?? 1) - 1 },
    end:
      place.endColumn === null
        ? { line: place.endLine, character: 0 }
        : { line: place.endLine - 1, character: place.endColumn - 1 },
  };
}

/** The end of a 1-based line's text, trailing blanks left out. */
export function endOfLine(document: TextDocument, line: number): Position {
  const text = document.getText({ start: { line: line - 1, character: 0 }, end: { line, character: 0 } });
  return { line: line - 1, character: text.trimEnd().length };
}

/** True where the LSP position lies in the 1-based place. */
export function contains(place: Place, position: Position): boolean {
  const line = position.line + 1;
  if (line < place.line || line > place.endLine) {
    return false;
  }
  const column = position.character + 1;
  return (
    (line > place.line || place.column === null || column >= place.column) &&
    (line < place.endLine || place.endColumn === null || column <= place.endColumn)
  );
}
