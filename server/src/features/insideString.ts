/** Whether a cursor may stand inside of a string literal, told from its line alone: cheap enough for every key. Pure. */

/**
 * @param before the line's text before the cursor
 * @returns false only where the cursor stands in no string that is on this line alone; what the line begins with is taken for code
 */
export function mayBeInsideString(before: string): boolean {
  let quote: string | null = null;
  for (let at = 0; at < before.length; at += 1) {
    const letter = before.charAt(at);
    if (letter === '\\') {
      at += 1;
    } else if (quote !== null) {
      if (before.startsWith(quote, at)) {
        at += quote.length - 1;
        quote = null;
      }
    } else if (letter === '"' || letter === "'") {
      quote = before.startsWith(letter.repeat(3), at) ? letter.repeat(3) : letter;
      at += quote.length - 1;
    } else if (letter === '#') {
      return false;
    }
  }
  // Inside of an f-string's braces the same quotes may stand again.
  return quote !== null || /[ft]r?["'].*\{/i.test(before);
}
