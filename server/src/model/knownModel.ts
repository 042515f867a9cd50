/** What the source tells of a whole model: each layer path below a root class, and the statement that makes it. */

import type { SourceRange } from './moduleClass';

export interface KnownModel {
  /** Absolute path of the file that writes the root class, and its qualified name. */
  readonly file: string;
  readonly className: string;
  /** In source order of composition; patterns are paths from this root. Parameters and buffers are not listed. */
  readonly layers: readonly KnownLayer[];
  /** True where nothing is dynamic: a path that no layer matches does not exist in this model. */
  readonly complete: boolean;
}

export interface KnownLayer {
  /** `layer1.*.conv1`; `*` stands for an index or a part of a name that the source does not tell. */
  readonly pattern: string;
  readonly file: string;
  readonly range: SourceRange;
  /** `nn.Conv2d` as written, or null. */
  readonly constructorName: string | null;
  readonly certain: boolean;
}
