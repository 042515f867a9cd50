/** Trees of real Python files: those of the corpora where they are set up, else the set-up's own torch. */

import fs from 'node:fs';
import path from 'node:path';
import { root } from '../lsp/languageServer';

/** `site-packages` of an environment in `.cache`, without links, as Python's own paths are; null where it is not there. */
function sitePackages(...environment: string[]): string | null {
  const lib = path.join(root, '.cache', ...environment, 'lib');
  const [python] = fs.existsSync(lib) ? fs.readdirSync(lib).filter((name) => name.startsWith('python3')) : [];
  return python === undefined ? null : fs.realpathSync(path.join(lib, python, 'site-packages'));
}

/** Folders of the given packages in the corpora; those that are not there are left out. */
export function corpora(...packages: string[]): string[] {
  const folder = sitePackages('corpora', 'venv');
  return folder === null ? [] : packages.map((name) => path.join(folder, name)).filter((one) => fs.existsSync(one));
}

/** What is indexed where no folder is named. */
export function defaultTree(): string[] {
  const found = corpora('torch', 'torchvision', 'timm');
  const own = sitePackages('venv');
  if (found.length === 0 && own === null) {
    throw new Error('There is no tree of Python files to index. Run `npm run setup`, or name a folder.');
  }
  return found.length > 0 || own === null ? found : [path.join(own, 'torch')];
}
