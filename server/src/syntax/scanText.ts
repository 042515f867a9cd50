/** One pass over Python text that knows strings, comments, brackets and joined lines, and nothing else. Pure. */

export interface ScanHandler {
  /**
   * A line that does not begin within a string; `open` where a bracket or a backslash carries the line before on.
   * True makes it a statement of its own: open brackets are forgotten.
   */
  lineStart(at: number, open: boolean): boolean;
  /** The end of a line that holds code; `codeEnd` is behind its last sign of code, `open` is as at the next line's start. */
  lineEnd(codeEnd: number, open: boolean): void;
  comment(start: number, end: number): void;
  /** Asked for each line that does not begin within a string, before anything else: true where the rest need not be read. */
  isDone?(lineStart: number, open: boolean): boolean;
  /** Asked for each line that begins in a multi-line string: true where the line shows that the string was left open. */
  endsString?(lineStart: number): boolean;
}

const TAB = 9;
const LINE_FEED = 10;
const FORM_FEED = 12;
const RETURN = 13;
const BLANK = 32;
const DOUBLE_QUOTE = 34;
const HASH = 35;
const SINGLE_QUOTE = 39;
const BACKSLASH = 92;
const BYTE_ORDER_MARK = 0xfeff;

/** Begins at the start of a line. False where the text ends within a multi-line string. */
export function scanText(text: string, handler: ScanHandler, from = 0): boolean {
  const { length } = text;
  let at = from;
  let depth = 0;
  let joined = false;
  while (at < length) {
    // A form feed begins a line's columns anew, and a byte order mark has none.
    while (text.charCodeAt(at) === FORM_FEED || text.charCodeAt(at) === BYTE_ORDER_MARK) {
      at += 1;
    }
    if (handler.isDone?.(at, depth > 0 || joined) === true) {
      return true;
    }
    if (handler.lineStart(at, depth > 0 || joined)) {
      depth = 0;
    }
    joined = false;
    let codeEnd = -1;
    line: for (; at < length; at += 1) {
      const sign = text.charCodeAt(at);
      switch (sign) {
        case BLANK:
        case TAB:
        case FORM_FEED:
          break;
        case LINE_FEED:
        case RETURN:
          break line;
        case HASH: {
          const end = lineEndFrom(text, at);
          handler.comment(at, end);
          at = end;
          break line;
        }
        case BACKSLASH:
          codeEnd = at + 1;
          if (at + 1 < length && isLineEnd(text.charCodeAt(at + 1))) {
            joined = true;
            at += 1;
            break line;
          }
          break;
        case SINGLE_QUOTE:
        case DOUBLE_QUOTE: {
          const end = stringEnd(text, at, sign, handler);
          if (end < 0) {
            return false;
          }
          codeEnd = end;
          at = end - 1;
          break;
        }
        case 40:
        case 91:
        case 123:
          depth += 1;
          codeEnd = at + 1;
          break;
        case 41:
        case 93:
        case 125:
          depth = depth > 0 ? depth - 1 : 0;
          codeEnd = at + 1;
          break;
        default:
          codeEnd = at + 1;
      }
    }
    if (codeEnd >= 0) {
      handler.lineEnd(codeEnd, depth > 0 || joined);
    }
    at += text.charCodeAt(at) === RETURN && text.charCodeAt(at + 1) === LINE_FEED ? 2 : 1;
  }
  return true;
}

/** Offset behind the string that begins at `start`, or of the line break that ends it; -1 where the text ends first. */
function stringEnd(text: string, start: number, quote: number, handler: ScanHandler): number {
  const { length } = text;
  if (text.charCodeAt(start + 1) === quote && text.charCodeAt(start + 2) === quote) {
    return multiLineStringEnd(text, start + 3, quote, handler);
  }
  for (let at = start + 1; at < length; at += 1) {
    const sign = text.charCodeAt(at);
    if (sign === quote) {
      return at + 1;
    }
    if (sign === BACKSLASH) {
      at += text.charCodeAt(at + 1) === RETURN && text.charCodeAt(at + 2) === LINE_FEED ? 2 : 1;
    } else if (sign === LINE_FEED || sign === RETURN) {
      return at;
    }
  }
  return length;
}

function multiLineStringEnd(text: string, start: number, quote: number, handler: ScanHandler): number {
  const { length } = text;
  for (let at = start; at < length; at += 1) {
    const sign = text.charCodeAt(at);
    if (sign === BACKSLASH) {
      at += isLineEnd(text.charCodeAt(at + 1)) ? 0 : 1;
    } else if (sign === quote) {
      if (text.charCodeAt(at + 1) === quote && text.charCodeAt(at + 2) === quote) {
        return at + 3;
      }
    } else if ((sign === LINE_FEED || sign === RETURN) && handler.endsString?.(at + 1) === true) {
      return start + text.slice(start, at).trimEnd().length;
    }
  }
  return -1;
}

/** Offset of the line break at or behind `from`, else of the text's end. */
export function lineEndFrom(text: string, from: number): number {
  let at = from;
  while (at < text.length && !isLineEnd(text.charCodeAt(at))) {
    at += 1;
  }
  return at;
}

function isLineEnd(sign: number): boolean {
  return sign === LINE_FEED || sign === RETURN;
}
