/** The condition that a definition stands under. */

import { expect, test } from 'vitest';
import { enclosingBranch } from '../../server/src/mapping/enclosingBranch';

const text = `class Net(nn.Module):
    def __init__(
        self, deep
    ):
        self.plain = nn.ReLU()  # plain
        if deep:  # why
            # a comment
            self.body = nn.Sequential(
                nn.ReLU(),  # item
            )
        elif deep is None:
            self.other = nn.ReLU()  # elif
        else:
            self.rest = nn.ReLU()  # else
        for i in range(deep):

            with torch.device("cpu"):
                self.many = nn.ReLU()  # for
        try:
            self.tried = nn.ReLU()  # try
        except ValueError:
            self.caught = nn.ReLU()  # except
        if deep:
            def make():
                return nn.ReLU()  # function
`;
const lines = text.split('\n');

test.each([
  ['plain', null],
  ['item', 'if deep (6)'],
  ['elif', 'elif deep is None (11)'],
  ['else', 'else of if deep (13)'],
  ['for', 'for i in range(deep) (15)'],
  ['try', null],
  ['except', 'except ValueError (21)'],
  ['function', null],
])('%s', (word, expected) => {
  const line = lines.findIndex((one) => one.endsWith(`# ${word}`)) + 1;
  const found = enclosingBranch(lines, line);
  expect(found === null ? null : `${found.text} (${found.line})`).toBe(expected);
});
