/** Whether a class holds classes of its own, told from the first words of its lines. Pure. */

const DEFINING = /^([ \t\f]+)(class|(?:async[ \t\f]+)?def)[ \t\f]/gm;

/** True where a class statement may stand in the body of the class, outside of its methods. */
export function holdsClass(text: string): boolean {
  const body = /^[ \t\f]+(?=[^ \t\f\r\n#])/m.exec(text)?.[0].length ?? 0;
  /** Indents of the functions around the line. */
  const around: number[] = [];
  for (const [, blanks = '', word] of text.matchAll(DEFINING)) {
    // What is indented less stands in a string.
    if (blanks.length < body) {
      continue;
    }
    while ((around.at(-1) ?? -1) >= blanks.length) {
      around.pop();
    }
    if (word !== 'class') {
      around.push(blanks.length);
    } else if (around.length === 0) {
      return true;
    }
  }
  return false;
}
