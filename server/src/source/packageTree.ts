/** Which package a folder is, told by `__init__.py` files. Pure. */

import type { PlatformPath } from 'node:path';
import type { FileTree } from '../model/fileTree';

/** Where a folder's modules are imported from. */
export interface PackagePlace {
  /** The folder that holds the top package; the folder itself where it is no package. */
  readonly holder: string;
  /** Dotted name of the folder seen from there, `''` where it is no package. */
  readonly name: string;
}

/** Folders from which absolute imports start. */
export interface ImportStarts {
  readonly workspace: readonly string[];
  readonly search: readonly string[];
}

/** Folders without `__init__.py` that may lie between a file and the package around it: an `__init__.py` further up is a stray one. */
const MAX_GAP = 2;
const IDENTIFIER = /^[\p{L}\p{Nl}_][\p{L}\p{Nl}\p{Mn}\p{Mc}\p{Nd}\p{Pc}]*$/u;

export function isIdentifier(name: string): boolean {
  return IDENTIFIER.test(name);
}

export class PackageTree {
  private readonly places = new Map<string, PackagePlace>();

  constructor(
    private readonly tree: FileTree,
    private readonly paths: PlatformPath,
    private readonly starts: () => ImportStarts,
  ) {}

  placeOf(folder: string): PackagePlace {
    let place = this.places.get(folder);
    if (place === undefined) {
      place = this.find(folder);
      this.places.set(folder, place);
    }
    return place;
  }

  hasInit(folder: string): boolean {
    return this.tree.isFile(this.paths.join(folder, '__init__.py'));
  }

  clear(): void {
    this.places.clear();
  }

  private find(folder: string): PackagePlace {
    const none = { holder: folder, name: '' };
    const { workspace, search } = this.starts();
    const segments: string[] = [];
    let here = folder;
    const climb = (): void => {
      segments.unshift(this.paths.basename(here));
      here = this.paths.dirname(here);
    };
    // A folder whose `__init__.py` was forgotten still belongs to the package around it.
    while (!this.hasInit(here)) {
      if (segments.length === MAX_GAP || workspace.includes(here) || search.includes(here) || !this.isNameable(here)) {
        return none;
      }
      climb();
    }
    // No import statement reaches through a folder such as `my-node`, so what lies below it has no name from there.
    if (!this.isNameable(here) || search.includes(here)) {
      return none;
    }
    while (this.isNameable(here) && this.hasInit(here) && !search.includes(here)) {
      climb();
    }
    return { holder: here, name: segments.join('.') };
  }

  private isNameable(folder: string): boolean {
    return this.paths.dirname(folder) !== folder && isIdentifier(this.paths.basename(folder));
  }
}
