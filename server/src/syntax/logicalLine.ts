/** Reads one line of Python: brackets, strings and comments, nothing else. Pure. */

/** What is open between two lines. */
export interface OpenState {
  /** Opening brackets, the outermost first. */
  brackets: string;
  /** The quotes of the string the line begins in: a triple-quoted one, or one that a backslash carries on. */
  quotes: string | null;
}

export interface ScannedLine {
  /** Offset behind the last sign that is neither white space nor comment; the line's start where there is none. */
  readonly codeEnd: number;
  /** The quote of a one-line string that the line does not close. */
  readonly openQuote: string | null;
  /** Closing brackets that nothing opened. */
  readonly surplus: readonly number[];
  /** Closing brackets missing within the line: what `nn.Linear(3]` lacks before its end. */
  readonly passedOver: readonly { readonly at: number; readonly text: string }[];
  /** True where a colon stands outside of all brackets. */
  readonly colon: boolean;
  /** True where a backslash joins the next line. */
  readonly joined: boolean;
}

const CLOSERS: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };
const OPENERS: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };

/** What closes the opened brackets. */
export function closing(brackets: string): string {
  return [...brackets]
    .reverse()
    .map((one) => CLOSERS[one] ?? '')
    .join('');
}

/** Scans `text` from `start` to `end` (its line break excluded) and brings `state` up to the line's end. */
export function scanLine(text: string, start: number, end: number, state: OpenState): ScannedLine {
  let at = start;
  let codeEnd = start;
  let colon = false;
  const surplus: number[] = [];
  const passedOver: { at: number; text: string }[] = [];
  while (at < end) {
    if (state.quotes !== null) {
      at = stringEnd(text, at, end, state.quotes);
      if (at > end) {
        break;
      }
      codeEnd = at;
      state.quotes = null;
      continue;
    }
    const sign = text[at] ?? '';
    if (sign === '#') {
      break;
    }
    if (sign === '\\' && at === end - 1) {
      return { codeEnd, openQuote: null, surplus, passedOver, colon, joined: true };
    }
    if (sign === '"' || sign === "'") {
      state.quotes = text.startsWith(sign.repeat(3), at) ? sign.repeat(3) : sign;
      at += state.quotes.length;
      codeEnd = at;
      continue;
    }
    if (sign in CLOSERS) {
      state.brackets += sign;
    } else if (sign === ')' || sign === ']' || sign === '}') {
      const opener = state.brackets.lastIndexOf(OPENERS[sign] ?? '');
      if (opener < 0) {
        surplus.push(at);
      } else {
        const missing = closing(state.brackets.slice(opener + 1));
        if (missing !== '') {
          passedOver.push({ at, text: missing });
        }
        state.brackets = state.brackets.slice(0, opener);
      }
    } else if (sign === ':' && state.brackets === '' && text[at + 1] !== '=') {
      colon = true;
    }
    at += 1;
    if (sign.trim() !== '') {
      codeEnd = at;
    }
  }
  if (state.quotes === null) {
    return { codeEnd, openQuote: null, surplus, passedOver, colon, joined: false };
  }
  codeEnd = start + text.slice(start, end).trimEnd().length;
  let backslashes = 0;
  while (end - backslashes > start && text[end - 1 - backslashes] === '\\') {
    backslashes += 1;
  }
  if (state.quotes.length > 1 || backslashes % 2 === 1) {
    return { codeEnd, openQuote: null, surplus, passedOver, colon, joined: false };
  }
  const openQuote = state.quotes;
  state.quotes = null;
  return { codeEnd, openQuote, surplus, passedOver, colon, joined: false };
}

/** Offset behind the closing quotes; beyond `end` where the line has none. */
function stringEnd(text: string, from: number, end: number, quotes: string): number {
  for (let at = from; at < end; at += text[at] === '\\' ? 2 : 1) {
    if (text.startsWith(quotes, at)) {
      return at + quotes.length;
    }
  }
  return end + 1;
}
