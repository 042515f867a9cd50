/** Where the tooling keeps what it makes: everything is under the git-ignored `.cache/` and `dist/`. */

import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
export const cache = path.join(root, '.cache');
export const dist = path.join(root, 'dist');
export const examples = path.join(root, 'examples');
export const vsix = path.join(root, 'layer-peek.vsix');

/** @param {string[]} parts */
export const inCache = (...parts) => path.join(cache, ...parts);
/** @param {string[]} parts */
export const inRoot = (...parts) => path.join(root, ...parts);
