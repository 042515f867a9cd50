/** The demo in the desktop's VS Code, with settings and extensions of its own: the user's stay as they are. */

import path from 'node:path';
import { writeSettings } from '../../test/host/hostSettings.mjs';
import { run, succeeds } from '../setup/command.mjs';
import { examples, inCache, vsix } from '../setup/paths.mjs';
import { say } from '../setup/step.mjs';

/** Whether `code` is on PATH. */
export const hasDesktop = () => succeeds('code', ['--version'], { limitMinutes: 1 });

/** @param {string} python */
export async function openDesktop(python) {
  const user = inCache('desktop', 'user');
  const folders = ['--user-data-dir', user, '--extensions-dir', inCache('desktop', 'extensions')];
  writeSettings(path.join(user, 'User'), { 'layerPeek.python.path': python });
  say('demo: installing the extension into the desktop VS Code');
  await run('code', [...folders, '--install-extension', vsix, '--force']);
  await run('code', [
    ...folders,
    '--disable-workspace-trust',
    '--new-window',
    examples,
    path.join(examples, 'simple_model.py'),
  ]);
  say('demo: VS Code is open on examples/. Click "Capture all outputs" above a class.');
}
