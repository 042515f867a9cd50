/** The condition or loop that a line stands under, told by indentation. Pure. */

export interface EnclosingBranch {
  /** 1-based. */
  readonly line: number;
  /** `if use_bn`, without the colon; `else of if use_bn`. */
  readonly text: string;
}

const header = /^\s*(if|elif|else|for|while|try|except|finally|case)\b.*:\s*(#.*)?$/;
const LIMIT = 60;

/**
 * Looks upwards for the nearest header that is indented less, within the function.
 * @param line 1-based
 */
export function enclosingBranch(lines: readonly string[], line: number): EnclosingBranch | null {
  let indent = indentOf(lines[line - 1] ?? '');
  for (let at = line - 1; at >= 1; at -= 1) {
    const text = lines[at - 1] ?? '';
    const own = indentOf(text);
    if (!isCode(text) || own >= indent) {
      continue;
    }
    if (/^\s*(async\s+def|def|class)\b/.test(text)) {
      return null;
    }
    const word = header.exec(text)?.[1];
    if (word !== undefined && word !== 'try' && word !== 'finally') {
      return { line: at, text: word === 'else' ? elseText(lines, at, own) : headText(text) };
    }
    indent = own;
  }
  return null;
}

/** What the `else` belongs to. */
function elseText(lines: readonly string[], line: number, indent: number): string {
  for (let at = line - 1; at >= 1; at -= 1) {
    const text = lines[at - 1] ?? '';
    if (isCode(text) && indentOf(text) === indent && /^\s*(if|for|while|try)\b/.test(text)) {
      return `else of ${headText(text)}`;
    }
    if (isCode(text) && indentOf(text) < indent) {
      break;
    }
  }
  return 'else';
}

function headText(text: string): string {
  const head = text.trim().replace(/:\s*(#.*)?$/, '');
  return head.length <= LIMIT ? head : `${head.slice(0, LIMIT - 3)}...`;
}

function isCode(text: string): boolean {
  return /^\s*[^\s#]/.test(text);
}

function indentOf(text: string): number {
  return text.length - text.trimStart().length;
}
