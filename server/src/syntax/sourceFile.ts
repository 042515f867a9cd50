/** A file as the static mapper sees it: its text, cut into units. */

import type { PlacedUnit, TextPlace } from './unit';

export interface SourceFile {
  readonly text: string;
  /** In source order. Blank lines and comments between them belong to none. */
  readonly units: readonly PlacedUnit[];
  /** Whole `# peek:` comments. */
  readonly comments: readonly PlacedComment[];
  /** True where a string is left open somewhere: what stands where hangs on the whole text. */
  readonly isGuessed: boolean;
}

export interface PlacedComment extends TextPlace {
  readonly end: number;
}

export const NO_FILE: SourceFile = { text: '', units: [], comments: [], isGuessed: false };
