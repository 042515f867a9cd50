/**
 * A cursor at which more may be typed while a request is under way. An editor goes on with the completion for the text in which it asked
 * as long as letters are added there, and asks no second time.
 */

import type { Position } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';

export class TypingCursor {
  private readonly before: string;
  private readonly after: string;

  constructor(
    document: TextDocument,
    readonly position: Position,
  ) {
    const line = lineOf(document, position);
    this.before = line.slice(0, position.character);
    this.after = line.slice(position.character);
  }

  /** True where a text differs in this line by what was typed at the cursor alone. */
  fits(later: TextDocument): boolean {
    const line = lineOf(later, this.position);
    return (
      line.length >= this.before.length + this.after.length && line.startsWith(this.before) && line.endsWith(this.after)
    );
  }

  /** How much was typed at the cursor up to a text that fits. */
  typed(later: TextDocument): number {
    return lineOf(later, this.position).length - this.before.length - this.after.length;
  }
}

function lineOf(document: TextDocument, { line }: Position): string {
  return document.getText({ start: { line, character: 0 }, end: { line: line + 1, character: 0 } });
}
