/** A string literal that names layers: in `get_submodule("layer1.0")`, in `name == "fc"`, in a state-dict key. */

import type { SourceRange } from './moduleClass';

/**
 * How the string relates to the paths of the model:
 * - `path`: it is one, from the root
 * - `parent`: its part before the last dot is one; the last name may be new, or that of an operation
 * - `child`: it is the name of a direct child
 * - `prefix`, `suffix`: paths begin or end with it; a suffix is whole segments
 * - `part`: paths contain it
 */
export type PathRelation = 'path' | 'parent' | 'child' | 'prefix' | 'suffix' | 'part';

export interface PathString {
  /** The text between the quotes; `*` stands for what an f-string fills in. */
  readonly text: string;
  /** Between the quotes. */
  readonly range: SourceRange;
  /** False for f-strings. */
  readonly literal: boolean;
  /** A tensor is a parameter or a buffer: its path is that of a layer, and a name of the layer's own. */
  readonly names: 'module' | 'tensor';
  readonly relation: PathRelation;
  /** True where the call fails on a path that does not exist. */
  readonly certain: boolean;
  /** The expression whose paths are meant, where one is written. */
  readonly model: ModelExpression | null;
}

export interface ModelExpression {
  readonly text: string;
  readonly range: SourceRange;
}
