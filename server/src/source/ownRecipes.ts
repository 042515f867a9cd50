/** What a class's own file shows of how it is built and called, worked out again only where the file's code outside of classes has changed. */

import { sameItems } from '../interpret/sameItems';
import type { SourceFile } from '../syntax/sourceFile';
import type { Unit } from '../syntax/unit';
import type { PlacedRecipe } from './mapper';

/** The code of a file outside of its classes. The same object for versions of the file that differ in classes alone. */
export interface OuterCode {
  readonly units: readonly Unit[];
  readonly text: string;
  readonly byClass: Map<string, readonly PlacedRecipe[]>;
}

export class OwnRecipes {
  private readonly known = new Map<string, { source: SourceFile; code: OuterCode }>();

  outerCode(file: string, source: SourceFile): OuterCode {
    const before = this.known.get(file);
    if (before?.source === source) {
      return before.code;
    }
    const units = source.units.flatMap(({ unit }) => (unit.kind === 'class' ? [] : [unit]));
    const code =
      before !== undefined && sameItems(before.code.units, units)
        ? before.code
        : { units, text: units.map((one) => one.text).join('\n'), byClass: new Map() };
    this.known.set(file, { source, code });
    return code;
  }

  /** Empty where the code outside of classes does not name the class; `search` looks through the file. */
  of(code: OuterCode, className: string, search: () => Iterable<PlacedRecipe>): readonly PlacedRecipe[] {
    let found = code.byClass.get(className);
    if (found === undefined) {
      found = code.text.includes(`${className}(`) ? [...search()] : [];
      code.byClass.set(className, found);
    }
    return found;
  }

  forget(): void {
    this.known.clear();
  }
}
