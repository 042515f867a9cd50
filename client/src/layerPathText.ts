/** Finds what looks like a layer path in a line of text. */

const PATH = /^[A-Za-z_]\w*(?:\.[\w*]+)*$/;

/** True for dotted names and indices; whether a layer goes by it is the server's to say. */
export function isLayerPath(text: string): boolean {
  return PATH.test(text);
}

/** The content of the string literal around the column, 0-based; null where none is. */
export function pathAround(line: string, column: number): string | null {
  for (const match of line.matchAll(/(["'])(?<content>(?:(?!\1)[^\\]|\\.)*)\1/g)) {
    if (column > match.index && column < match.index + match[0].length) {
      return match.groups?.content ?? null;
    }
  }
  return null;
}
