/** Reads a Python file as Python does: a byte order mark and a coding line are honoured. */

import fs from 'node:fs';

const MAX_BYTES = 4 * 1024 * 1024;
/** PEP 263: a comment in the first line, or in the second where the first holds no code. */
const CODING = /^(?:[ \t\f]*(?:#[^\r\n]*)?(?:\r\n|\r|\n))?[ \t\f]*#[^\r\n]*?coding[:=][ \t]*([-\w.]+)/;
const LATIN_1 = /^(?:latin[-_]?1|iso[-_]?8859[-_]1|iso[-_]latin[-_]1|l1)(?:-.*)?$/i;

/** The text with its line ends as they are; null for what is no file, can't be read or has more than 4 MB. Undecodable bytes become replacement characters. */
export function readSource(file: string): string | null {
  try {
    const about = fs.statSync(file);
    return about.isFile() && about.size <= MAX_BYTES ? decode(fs.readFileSync(file)) : null;
  } catch {
    return null;
  }
}

function decode(bytes: Buffer): string {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) {
    return bytes.toString('utf8', 3);
  }
  const coding = CODING.exec(bytes.toString('latin1', 0, 400))?.[1];
  if (coding === undefined || /^utf[-_]?8/i.test(coding)) {
    return bytes.toString('utf8');
  }
  return LATIN_1.test(coding) ? bytes.toString('latin1') : decodeAs(coding, bytes);
}

function decodeAs(coding: string, bytes: Buffer): string {
  try {
    return new TextDecoder(coding.replaceAll('_', '-')).decode(bytes);
  } catch {
    // The decoder doesn't know every name that Python does.
    return bytes.toString('utf8');
  }
}
