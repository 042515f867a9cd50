/** Sizes for people. */

import fs from 'node:fs';

/** @param {number} bytes */
const readable = (bytes) => (bytes < 1e6 ? `${(bytes / 1e3).toFixed(0)} kB` : `${(bytes / 1e6).toFixed(2)} MB`);

/**
 * Size of a file, or of all files in a folder.
 * @param {string} place
 */
export function sizeOf(place) {
  if (!fs.statSync(place).isDirectory()) return readable(fs.statSync(place).size);
  const files = fs.readdirSync(place, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return readable(files.reduce((sum, file) => sum + fs.statSync(`${file.parentPath}/${file.name}`).size, 0));
}
