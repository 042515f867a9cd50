/** Reads a Python file for the command line. */

import fs from 'node:fs';

export type Source =
  | { readonly text: string; readonly problem: null }
  | { readonly text: null; readonly problem: string };

/** The text, or one sentence that says why there is none and what to do. */
export function readSource(file: string): Source {
  try {
    return { text: fs.readFileSync(file, 'utf8').replace(/^\uFEFF/, ''), problem: null };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { text: null, problem: `${file} can't be read (${reason}). Check the path and its permissions.` };
  }
}
