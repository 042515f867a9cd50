/** The files on disk, as finding modules asks for them: each folder is read once. */

import fs from 'node:fs';
import path from 'node:path';
import type { FileTree } from '../model/fileTree';

type Kind = 'file' | 'folder' | 'link' | 'other';
type Listing = Map<string, Kind>;

const NO_FOLDER: Listing = new Map();

export class DiskTree implements FileTree {
  private readonly listings = new Map<string, Listing>();

  isFile(file: string): boolean {
    return this.kindOf(file) === 'file';
  }

  isFolder(folder: string): boolean {
    return path.dirname(folder) === folder || this.kindOf(folder) === 'folder';
  }

  names(folder: string): readonly string[] {
    return [...this.listing(folder).keys()];
  }

  /** Forgets what is known of a path that was made, deleted or renamed, and of all below it. */
  invalidate(changed: string): void {
    const wasFile = this.listings.get(path.dirname(changed))?.get(path.basename(changed)) === 'file';
    this.listings.delete(path.dirname(changed));
    if (wasFile) {
      return;
    }
    for (const folder of this.listings.keys()) {
      if (folder === changed || folder.startsWith(changed + path.sep)) {
        this.listings.delete(folder);
      }
    }
  }

  private kindOf(full: string): Kind {
    const listing = this.listing(path.dirname(full));
    const name = path.basename(full);
    const kind = listing.get(name) ?? 'other';
    if (kind !== 'link') {
      return kind;
    }
    const target = kindOfTarget(full);
    listing.set(name, target);
    return target;
  }

  private listing(folder: string): Listing {
    let listing = this.listings.get(folder);
    if (listing === undefined) {
      listing = readListing(folder);
      this.listings.set(folder, listing);
    }
    return listing;
  }
}

function readListing(folder: string): Listing {
  try {
    return new Map(fs.readdirSync(folder, { withFileTypes: true }).map((entry) => [entry.name, kindOfEntry(entry)]));
  } catch {
    // Most folders that are asked for are not there, such as the `src` of a project without one.
    return NO_FOLDER;
  }
}

function kindOfEntry(entry: fs.Dirent | fs.Stats): Kind {
  if (entry.isFile()) {
    return 'file';
  }
  if (entry.isDirectory()) {
    return 'folder';
  }
  return entry.isSymbolicLink() ? 'link' : 'other';
}

function kindOfTarget(link: string): Kind {
  try {
    return kindOfEntry(fs.statSync(link));
  } catch {
    return 'other';
  }
}
