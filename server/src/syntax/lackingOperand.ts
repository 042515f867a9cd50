/** Tells quickly whether a statement may end before its last operand. Pure. */

import { scanText } from './scanText';

const AWAITING = /(?:[.=+\-*/%@&|^~<>]|\b(?:and|or|not|in|is|if|elif|while|with|as|else))$/;
/** An annotation that is still to be written; other lines that end with a colon open a block. */
const ANNOTATION = /^\s*(?!(?:else|try|finally|except)\s*:)[\w.]+\s*:$/;
const LONGEST_WORD = 'while'.length + 1;

/**
 * False where no line ends with an operator or a word that waits for an operand. Such texts need not be looked at closer even
 * though their trees may have no error, where the next line was taken for the operand.
 */
export function mayLackOperand(text: string): boolean {
  let found = false;
  let line = 0;
  scanText(text, {
    lineStart(at) {
      line = at;
      return false;
    },
    lineEnd(codeEnd, open) {
      if (found || open) {
        return;
      }
      found =
        text[codeEnd - 1] === ':'
          ? ANNOTATION.test(text.slice(line, codeEnd))
          : AWAITING.test(text.slice(Math.max(line, codeEnd - LONGEST_WORD), codeEnd));
    },
    comment() {},
  });
  return found;
}
