/** The layer paths in the strings of a parsed file, with the lines they stand on. */

import type { PathString } from '../model/pathString';
import { withFinishedTree } from './finishedTree';
import { LineIndex } from './lineIndex';
import type { PythonParser, SyntaxTree } from './parser';
import { quoted } from './pathLiterals';
import { pathStringsIn } from './pathStrings';
import { mayHavePaths } from './pathWords';
import { lowerModule } from './python/lowerStatement';

/** The tree stays the caller's. A string that is still being typed ends where its line does. */
export function pathStringsOf(parser: PythonParser, tree: SyntaxTree): PathString[] {
  if (!mayHavePaths(tree.text)) {
    return [];
  }
  return withFinishedTree(parser, tree, (finished, added) => {
    const { text } = finished;
    const lines = new LineIndex(text, added);
    return pathStringsIn(lowerModule(finished.root, text), text).flatMap((one): PathString[] => {
      const content = quoted(one.literal, text);
      if (content === null) {
        return [];
      }
      const { names, relation, certain, model } = one;
      return [
        {
          text: content.text,
          range: lines.range(content.span.start, content.span.end),
          literal: content.literal,
          names,
          relation,
          certain,
          model:
            model === null
              ? null
              : { text: text.slice(model.start, model.end), range: lines.range(model.start, model.end) },
        },
      ];
    });
  });
}
