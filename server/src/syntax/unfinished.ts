/** Finds the statements that are still being typed: an open bracket, an open quote, a missing operand or colon. Pure. */

import { closing, type OpenState, scanLine } from './logicalLine';

export interface Insertion {
  /** Offset in the text as written. */
  readonly at: number;
  readonly text: string;
}

export interface UnfinishedStatement {
  readonly start: number;
  /** Behind its last sign, comments not included. */
  readonly end: number;
  /** True for what opens a block: `class`, `def`, `if`. */
  readonly header: boolean;
  /** What finishes it, in order; nothing of it breaks a line. */
  readonly insertions: readonly Insertion[];
  /** Offsets of closing brackets that nothing opened. */
  readonly surplus: readonly number[];
  /** True where nothing but an operand is missing: trees of such texts may have no error, as the next line is taken for it. */
  readonly operandOnly: boolean;
}

/** Whoever types leaves one or two; a text with more is no Python, and looking ahead from each would take long. */
const MAX_UNFINISHED = 16;

/** A statement with more brackets left open or closed wrongly is no Python; nested far deeper, they would exhaust the parser's stack. */
const MAX_WRONG_BRACKETS = 32;

/** Lines behind its supposed end among which a statement's closing bracket is looked for. */
const MAX_LINES_AHEAD = 500;

const HEADER = /^(?:async\s+)?(?:class|def|for|while|with|if|elif|else|try|except|finally)\b/;

/** Begins a statement and can't stand at the start of a line within brackets. */
const NEVER_IN_BRACKETS = new RegExp(
  [
    /(?:class|def|return|while|with|try|except|finally|import|raise|pass|del|global|nonlocal|assert|break|continue|elif)\b/,
    /async\s+(?:def|with)\b/,
    /from\s+[\w.]+\s+import\b/,
    /(?:async\s+)?(?:for|if|else)\b[^#]*:\s*(?:#.*)?$/,
    /\w+(?:\.\w+)+\s*=(?!=)/,
  ]
    .map((one) => `^${one.source}`)
    .join('|'),
);

/** Begins a statement rather than a parameter, where a header's brackets were left open behind a comma. */
const LIKE_BODY = /^(?:@\w|[rR]?(?:"""|''')|\w+\s*=(?!=).*[^,\s]\s*$)/;

/** Waits for an operand; `...`, `1.` and what an import ends with do not. */
const OPERAND_MISSING = /(?:[.=:+\-*/%@&|^~<>]|\b(?:and|or|not|in|is|if|elif|while|with|as|else))$/;
const COMPLETE = /(?:\.\.\.|(?:^|[^\w.])\d[\d_]*\.|^else)$/;

interface Line {
  readonly start: number;
  readonly end: number;
}

/** In source order. Multi-line strings that are left open are not looked for: any text may stand in them. */
export function unfinishedStatements(text: string): UnfinishedStatement[] {
  const lines = linesOf(text);
  const found: UnfinishedStatement[] = [];
  let first = 0;
  while (first < lines.length && found.length < MAX_UNFINISHED) {
    const last = lastLine(text, lines, first);
    if (last === null) {
      break;
    }
    const one = whatFinishes(text, lines.slice(first, last + 1));
    if (one !== null) {
      found.push(one);
    }
    first = last + 1;
  }
  return found;
}

/** Index of the statement's last line; null where a multi-line string stays open to the end of the file. */
function lastLine(text: string, lines: readonly Line[], first: number): number | null {
  const state: OpenState = { brackets: '', quotes: null };
  const header = HEADER.test(codeOf(text, lines[first]));
  const indent = indentation(text, lines[first]);
  /** Where it ends in case its brackets turn out to stay open. */
  let supposed: number | null = null;
  let last = first;
  let lastSign = '';
  let joined = false;
  for (let index = first; index < lines.length; index += 1) {
    const line = lines[index];
    const code = codeOf(text, line);
    const inString = state.quotes !== null;
    if (index > first && !inString && !joined && code !== '' && !code.startsWith('#')) {
      if (NEVER_IN_BRACKETS.test(code) || index - (supposed ?? index) > MAX_LINES_AHEAD) {
        return supposed ?? last;
      }
      const deeper = indentation(text, line) > indent;
      const body = header && deeper && (!/[,([{]/.test(lastSign) || LIKE_BODY.test(code));
      if (supposed === null && !/^[)\]}]/.test(code) && (!deeper || body)) {
        supposed = last;
      }
    }
    if (line !== undefined) {
      const scanned = scanLine(text, line.start, line.end, state);
      joined = scanned.joined;
      if (scanned.codeEnd > line.start) {
        last = index;
        lastSign = text[scanned.codeEnd - 1] ?? '';
      }
    }
    if (state.quotes === null && state.brackets === '' && !joined) {
      return index;
    }
  }
  return state.quotes === null ? (supposed ?? last) : null;
}

/** Null where nothing is missing. */
function whatFinishes(text: string, lines: readonly Line[]): UnfinishedStatement | null {
  const state: OpenState = { brackets: '', quotes: null };
  const insertions: Insertion[] = [];
  const surplus: number[] = [];
  const first = codeOf(text, lines[0]);
  const start = (lines[0]?.start ?? 0) + indentText(text, lines[0]).length;
  const header = HEADER.test(first);
  let end = start;
  let ending = '';
  let colon = false;
  for (const line of lines) {
    const scanned = scanLine(text, line.start, line.end, state);
    colon ||= scanned.colon;
    if (scanned.codeEnd > line.start) {
      end = scanned.codeEnd;
      ending = text.slice(line.start, end);
    }
    if (Math.max(scanned.passedOver.length, scanned.surplus.length) > MAX_WRONG_BRACKETS) {
      return null;
    }
    insertions.push(...scanned.passedOver);
    surplus.push(...scanned.surplus);
    if (scanned.openQuote !== null) {
      insertions.push({ at: end, text: scanned.openQuote });
      ending = '';
    }
  }
  const opensBlock = state.brackets === '' && ending.endsWith(':') && (header || !/^[\w.]+\s*:$/.test(first));
  const complete = opensBlock || COMPLETE.test(ending.trim()) || /^(?:from|import)\b/.test(first);
  const operand = !complete && OPERAND_MISSING.test(ending) ? operandAfter(ending) : '';
  if (state.brackets.length > MAX_WRONG_BRACKETS) {
    return null;
  }
  const closers = closing(state.brackets);
  const parameters = /^\s*(?:async\s+)?def\s+\w+$/.test(text.slice(start, end)) ? '()' : '';
  const rest = `${operand}${closers}${parameters}${header && !colon ? ':' : ''}`;
  const operandOnly = insertions.length + surplus.length === 0 && operand !== '' && rest === operand;
  if (rest !== '') {
    insertions.push({ at: end, text: rest });
  }
  return insertions.length + surplus.length === 0 ? null : { start, end, header, insertions, surplus, operandOnly };
}

function operandAfter(ending: string): string {
  return /\w$/.test(ending) ? ' _' : '_';
}

function codeOf(text: string, line: Line | undefined): string {
  return line === undefined ? '' : text.slice(line.start, line.end).trim();
}

function indentText(text: string, line: Line | undefined): string {
  return line === undefined ? '' : (/^\s*/.exec(text.slice(line.start, line.end))?.[0] ?? '');
}

/** Columns; a tab goes to the next multiple of 8, as in Python. */
function indentation(text: string, line: Line | undefined): number {
  let columns = 0;
  for (const sign of indentText(text, line)) {
    columns += sign === '\t' ? 8 - (columns % 8) : 1;
  }
  return columns;
}

function linesOf(text: string): Line[] {
  const lines: Line[] = [];
  let start = 0;
  for (const match of text.matchAll(/\r\n|\r|\n/g)) {
    lines.push({ start, end: match.index });
    start = match.index + match[0].length;
  }
  lines.push({ start, end: text.length });
  return lines;
}
