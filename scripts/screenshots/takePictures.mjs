/** Opens each example in a window made for a picture, captures, and writes docs/images. */

import fs from 'node:fs';
import { startHost } from '../../test/host/startHost.mjs';
import { examples, inRoot, vsix } from '../setup/paths.mjs';
import { say } from '../setup/step.mjs';
import { pictures } from './pictures.mjs';

const WIDTH = 1280;
/** Less around the code, so that a hint at the end of a line fits into the picture. */
const SETTINGS = {
  'editor.minimap.enabled': false,
  'editor.fontSize': 13,
  'editor.renderLineHighlight': 'none',
  'editor.guides.indentation': false,
  'editor.scrollBeyondLastLine': true,
  'editor.stickyScroll.enabled': false,
  'editor.scrollbar.vertical': 'hidden',
  'editor.scrollbar.horizontal': 'hidden',
  // Below the line, so that the shapes on the lines before stay in view.
  'editor.hover.above': false,
  'breadcrumbs.enabled': false,
  'window.commandCenter': false,
  'workbench.layoutControl.enabled': false,
  'workbench.editor.editorActionsLocation': 'hidden',
};

/** @param {string} python */
export async function takePictures(python) {
  fs.mkdirSync(inRoot('docs', 'images'), { recursive: true });
  const host = await startHost({ folder: examples, vsix, python, settings: SETTINGS });
  try {
    for (const picture of pictures) await take(host, picture);
  } finally {
    await host.stop();
  }
}

/**
 * @param {import('../../test/host/startHost.mjs').Host} host
 * @param {import('./pictures.mjs').Picture} picture
 */
async function take(host, { name, file, uncaptured, row, top, height, seen, finish }) {
  // A high window first: the editor draws only lines in view, and the lens may stand far below.
  const window = await host.open(file, { width: WIDTH, height: 2400 });
  await window.toggleSideBar();
  if (uncaptured !== true) {
    await window.clickLens('Capture all outputs', row);
    for (const [line, text] of seen) await window.line(line, text);
    await window.lensRow(row).locator('a', { hasText: 'Capture all outputs' }).waitFor();
  }
  await window.resize({ width: WIDTH, height });
  await window.scrollToTop(
    fs
      .readFileSync(inRoot('examples', file), 'utf8')
      .split('\n')
      .findIndex((line) => line.startsWith(top)) + 1,
  );
  await window.clearNotifications();
  await finish?.(window);
  await window.screenshot(inRoot('docs', 'images', `${name}.png`));
  await window.close();
  say(`docs/images/${name}.png`);
}
