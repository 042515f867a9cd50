import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { vsix } from '../../scripts/setup/paths.mjs';
import { startHost } from '../host/startHost.mjs';

const source = `# peek: Net(8)(torch.randn(1, 3))  # a note
eight = 8
# peek: Open(torch.randn(
after = "# peek: in a string"
# a comment
`;

/** The tokens of each line, in order, with the class that gives them their colour. */
type Tokens = { text: string; colour: string }[];

let host: Awaited<ReturnType<typeof startHost>>;
let lines: Tokens[];

beforeAll(async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'layer-peek-grammar-'));
  fs.writeFileSync(path.join(folder, 'directive.py'), source);
  host = await startHost({ folder, vsix, python: '' });
  const window = await host.open('directive.py');
  // The editor colours a file some time after it has opened it.
  await window.page.locator('.view-line', { hasText: 'eight = 8' }).locator('span.mtk1 + span').first().waitFor();
  lines = await window.page.locator('.editor-instance .view-line').evaluateAll((elements) =>
    elements
      .sort((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top)
      .map((element) =>
        [...element.querySelectorAll('span[class^=mtk]')].map((span) => ({
          text: (span.textContent ?? '').replaceAll('\u00a0', ' ').trim(),
          colour: /mtk\d+/.exec(span.className)?.[0] ?? '',
        })),
      ),
  );
  fs.rmSync(folder, { recursive: true, force: true });
});

afterAll(() => host.stop());

/** Colour of the first token of a line (1-based) that holds the text. */
function colour(line: number, text: string): string {
  const token = lines[line - 1]?.find((one) => one.text.includes(text));
  expect(token, `"${text}" among ${JSON.stringify(lines[line - 1])}`).toBeDefined();
  return token?.colour ?? '';
}

test('the word peek is coloured, unlike a comment', () => {
  expect(colour(1, 'peek')).not.toBe(colour(5, '# a comment'));
  expect(colour(1, 'peek')).toBe(colour(3, 'peek'));
});
test('the expression is coloured as Python', () => expect(colour(1, '8')).toBe(colour(2, '8')));
test('a comment behind the expression stays one', () => expect(colour(1, '# a note')).toBe(colour(5, '# a comment')));
test('an open bracket does not reach into the next line', () => expect(colour(4, 'after')).toBe(colour(2, 'eight')));
test('a string stays a string', () => expect(colour(4, '# peek: in a string')).not.toBe(colour(3, 'peek')));
