/** What an edit of a file changed, where that is little. */

import type { SourceFile } from '../syntax/sourceFile';
import type { Unit } from '../syntax/unit';

/** An edit in one place changes few units. */
const MAX_EDITED = 4;

/** Classes and functions that have another text in the place of the same name; null where units came, went or are code. */
export function editedUnits(before: SourceFile, now: SourceFile): (readonly [Unit, Unit])[] | null {
  if (before.units.length !== now.units.length) {
    return null;
  }
  const edited: (readonly [Unit, Unit])[] = [];
  for (const [index, { unit }] of now.units.entries()) {
    const former = before.units[index]?.unit;
    if (former !== unit) {
      const isSame = former !== undefined && former.kind === unit.kind && former.name === unit.name;
      if (!isSame || unit.kind === 'code' || edited.length === MAX_EDITED) {
        return null;
      }
      edited.push([former, unit]);
    }
  }
  return edited;
}
