/** The text as it might read once finished: what is missing filled in, what can't be read left out. Lines stay lines. Pure. */

import type { SyntaxNode } from './parser';
import type { Insertion, UnfinishedStatement } from './unfinished';

export interface FinishedText {
  readonly text: string;
  /** What was added; offsets in the finished text, in order. */
  readonly added: readonly Insertion[];
  /** Where the statements stand in the finished text, one for each. */
  readonly spans: readonly { readonly start: number; readonly end: number }[];
}

/** Fills in what is missing; the statements of `leftOut` give way to the least that may stand in their place. */
export function finishedText(
  text: string,
  statements: readonly UnfinishedStatement[],
  leftOut: ReadonlySet<UnfinishedStatement>,
): FinishedText {
  const added: Insertion[] = [];
  const spans: { start: number; end: number }[] = [];
  let result = '';
  let done = 0;
  for (const one of statements) {
    result += text.slice(done, one.start);
    done = one.start;
    const surplus = new Set(one.surplus);
    const without = (from: number, to: number): string =>
      surplus.size === 0
        ? text.slice(from, to)
        : text.slice(from, to).replace(/[)\]}]/g, (sign, at: number) => (surplus.has(from + at) ? ' ' : sign));
    const start = result.length;
    const written = text.slice(one.start, one.end);
    const kept = leftOut.has(one) ? leastOf(written, one.header) : null;
    const insertions = kept === null ? one.insertions : [{ at: one.start + kept.length, text: kept.insertion }];
    for (const insertion of insertions) {
      result += without(done, insertion.at);
      done = insertion.at;
      added.push({ at: result.length, text: insertion.text });
      result += insertion.text;
    }
    const rest = without(done, one.end);
    result += kept === null ? rest : rest.replace(/[^\r\n]/g, ' ');
    done = one.end;
    spans.push({ start, end: result.length });
  }
  return { text: result + text.slice(done), added, spans };
}

/** How much of a statement's beginning stays, and what then follows instead of the rest. */
function leastOf(written: string, header: boolean): { length: number; insertion: string } {
  if (!header) {
    return { length: 0, insertion: 'pass' };
  }
  const named = /^(?:class|(?:async\s+)?def)\s+\w+/.exec(written)?.[0];
  if (named !== undefined) {
    return { length: named.length, insertion: named.startsWith('class') ? ':' : '(self):' };
  }
  const clause = /^(?:elif|else|try|except|finally)\b/.exec(written)?.[0];
  return clause === undefined
    ? { length: 0, insertion: 'if _:' }
    : { length: clause.length, insertion: clause === 'elif' ? ' _:' : ':' };
}

/** Of the statements those whose filling in did not help: errors reach over their ends, or stand in a header. */
export function stillBroken(
  root: SyntaxNode,
  statements: readonly UnfinishedStatement[],
  { spans }: FinishedText,
): Set<UnfinishedStatement> {
  const errors = outermostErrors(root);
  return new Set(
    statements.filter((one, index) => {
      const span = spans[index];
      return errors.some(
        ({ startIndex, endIndex }) =>
          span !== undefined &&
          startIndex < span.end &&
          endIndex > span.start &&
          (one.header || startIndex < span.start || endIndex > span.end),
      );
    }),
  );
}

function outermostErrors(root: SyntaxNode): SyntaxNode[] {
  const errors: SyntaxNode[] = [];
  const open = [root];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node.type === 'ERROR') {
      errors.push(node);
    } else if (node.hasError) {
      open.push(...node.children);
    }
  }
  return errors;
}
