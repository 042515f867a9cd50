/** The demo without a user: clicks the lens of the first example in the real editor and prints what stands there afterwards. */

import fs from 'node:fs';
import path from 'node:path';
import { startHost } from '../../test/host/startHost.mjs';
import { examples, inCache, vsix } from '../setup/paths.mjs';
import { say } from '../setup/step.mjs';

const FILE = 'simple_model.py';
const PICTURE = inCache('demo.png');
/** What must be seen: a part of the line, and the shape on it. */
const EXPECTED = [
  ['self.conv1 = ', '[1, 16, 6, 6]'],
  ['self.fc1 = ', '[1, 10]'],
];

/**
 * @param {string} python
 * @throws where the shapes were not seen
 */
export async function captureOnce(python) {
  say('demo: starting the embedded VS Code and a browser');
  const host = await startHost({ folder: examples, vsix, python });
  try {
    const window = await host.open(FILE);
    say('demo: clicking "Capture all outputs"');
    try {
      await window.clickLens('Capture all outputs');
      for (const [line = '', shape = ''] of EXPECTED) await window.line(line, shape);
      // While it runs, the lens tells its progress; the picture is of the end.
      await window.lens('Capture all outputs').waitFor();
    } finally {
      await window.screenshot(PICTURE);
    }
    say('demo: the editor shows');
    const source = fs.readFileSync(path.join(examples, FILE), 'utf8').split('\n');
    console.log(`\n${annotated(source, await window.lines())}\n`);
    say(`demo: picture in ${path.relative(process.cwd(), PICTURE)}`);
  } finally {
    await host.stop();
  }
}

/**
 * The editor's lines, with what it added to the source set apart.
 * @param {string[]} source
 * @param {string[]} shown
 */
function annotated(source, shown) {
  return shown
    .map((line) => {
      const text =
        source.filter((one) => one !== '' && line.startsWith(one)).sort((a, b) => b.length - a.length)[0] ?? line;
      const hint = line.slice(text.length);
      return hint ? `${text.padEnd(48)}  ${hint}` : text;
    })
    .join('\n')
    .trimEnd();
}
