/** Files for one test on the real disk. */

import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';

/** Content by relative path; `{folder}` in it is the folder, an object with `link` is a symbolic link. Gives the folder, which is removed when the test ends. */
export function temporaryFolder(files: Readonly<Record<string, string | Buffer | { readonly link: string }>>): string {
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'layer-peek-')));
  onTestFinished(() => fs.rmSync(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    const full = path.join(folder, name);
    fs.mkdirSync(path.dirname(full), { recursive: true });
    if (typeof content === 'string' || Buffer.isBuffer(content)) {
      fs.writeFileSync(
        full,
        typeof content === 'string' ? content.replaceAll('{folder}', folder.split(path.sep).join('/')) : content,
      );
    } else {
      fs.symlinkSync(content.link, full);
    }
  }
  return folder;
}
