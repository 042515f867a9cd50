/** The tree of a file in the midst of typing, as if the statement being typed were finished. */

import { finishedText, stillBroken } from './finishedText';
import { mayLackOperand } from './lackingOperand';
import type { PythonParser, SyntaxTree } from './parser';
import { type Insertion, unfinishedStatements } from './unfinished';

/**
 * Gives `use` the tree itself where nothing is unfinished, else that of the finished text, with what was added to it. At most
 * two parses more; a statement that can't be read even when finished is left out by the second. The given tree stays the
 * caller's and is not changed, so that the next edit can be parsed from it.
 */
export function withFinishedTree<T>(
  parser: PythonParser,
  tree: SyntaxTree,
  use: (tree: SyntaxTree, added: readonly Insertion[]) => T,
): T {
  const { hasError } = tree.root;
  if (!hasError && !mayLackOperand(tree.text)) {
    return use(tree, []);
  }
  const unfinished = unfinishedStatements(tree.text).filter((one) => hasError || one.operandOnly);
  if (unfinished.length === 0) {
    return use(tree, []);
  }
  const finished = finishedText(tree.text, unfinished, new Set());
  using first = parser.parse(finished.text);
  const broken = stillBroken(first.root, unfinished, finished);
  if (broken.size === 0) {
    return use(first, finished.added);
  }
  const reduced = finishedText(tree.text, unfinished, broken);
  using second = parser.parse(reduced.text);
  return use(second, reduced.added);
}
