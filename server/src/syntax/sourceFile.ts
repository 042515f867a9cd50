/** A file as the static mapper sees it: its text, cut into units. */

import type { Span } from './python/ast';
import type { PlacedUnit } from './unit';

export interface SourceFile {
  readonly text: string;
  /** In source order. Blank lines and comments between them belong to none. */
  readonly units: readonly PlacedUnit[];
  /** Whole `# peek:` comments; offsets in the file. */
  readonly comments: readonly Span[];
}
