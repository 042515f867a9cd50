/** Where a runner writes its report; what an earlier run wrote there is removed. */

import fs from 'node:fs';
import { inCache } from '../setup/paths.mjs';

/** @param {string} name */
export function reportFile(name) {
  const file = inCache('reports', name);
  fs.mkdirSync(inCache('reports'), { recursive: true });
  fs.rmSync(file, { force: true });
  return file;
}
