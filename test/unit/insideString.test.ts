import { expect, test } from 'vitest';
import { mayBeInsideString } from '../../server/src/features/insideString';

test.each([
  ['model.get_submodule("|', true],
  ['model.get_submodule("layer1.|', true],
  ["d['fc.|", true],
  ['x = """a "b" |', true],
  ['f(r"\\"|', true],
  ['end of a text""", d["|', true],
  ["f('a', \"|", true],
  ['f"{d["|', true],
  ['|', false],
  ['self.conv1.|', false],
  ['print("a").|', false],
  ['d[""].|', false],
  ['x = """a""".|', false],
  ["print('it\\'s').|", false],
  ['x = 1  # see "|', false],
  ['x = "#"; y.|', false],
])('%s', (line, expected) => {
  expect(mayBeInsideString(line.slice(0, line.indexOf('|')))).toBe(expected);
});
