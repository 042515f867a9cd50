/** What a project's settings say of recipes. */

import path from 'node:path';
import { expect, test } from 'vitest';
import { projectRecipe, recipeIn, wantsSmall } from '../../../server/src/workspace/projectRecipes';
import { temporaryFolder } from './temporaryFolder';

const SECTION = '[project]\nname = "x"\n\n[tool.layer-peek.recipes]\n';

test.each([
  ['a bare name', "Net = 'Net(1)(x)'", 'Net(1)(x)'],
  ['a quoted name, escapes, a comment', '"Net" = "Net(\\"a\\")(x)" # so', 'Net("a")(x)'],
  ['a dotted name', '"models.net.Net" = "N"', 'N'],
  ['a path', '"models/net.py:Net" = "N"', 'N'],
  ['the one that says more', 'Net = "A"\n"models/net.py:Net" = "B"', 'B'],
  ['another class', 'Other = "A"', null],
  ['another section', '[tool.other]\nNet = "A"', null],
])('%s', (_, text, expected) => {
  expect(recipeIn(SECTION + text, 'models/net.py', 'Net')?.expression ?? null).toBe(expected);
});

test('the nearest settings that have one, up to the workspace', () => {
  const folder = temporaryFolder({
    'pyproject.toml': `${SECTION}Net = "far"\nOther = "far"\n`,
    'inner/pyproject.toml': `[tool.layer-peek]\nsmall-configurations = true\n\n[tool.layer-peek.recipes]\nNet = "near"\n`,
    'inner/net.py': '',
  });
  const file = path.join(folder, 'inner', 'net.py');
  expect(projectRecipe(file, 'Net', folder)?.expression).toBe('near');
  expect(projectRecipe(file, 'Other', folder)?.expression).toBe('far');
  expect(projectRecipe(file, 'Other', path.join(folder, 'inner'))).toBeNull();
  expect(wantsSmall(file, folder)).toBe(true);
  expect(wantsSmall(path.join(folder, 'net.py'), folder)).toBe(false);
});
