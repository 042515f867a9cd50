/** A file tree that is nothing but a list of files. */

import nodePath, { type PlatformPath } from 'node:path';
import type { FileTree } from '../../../server/src/model/fileTree';

export class MemoryTree implements FileTree {
  questions = 0;
  private readonly files: Set<string>;

  constructor(
    files: readonly string[],
    private readonly paths: PlatformPath = nodePath.posix,
  ) {
    this.files = new Set(files);
  }

  add(file: string): void {
    this.files.add(file);
  }

  isFile(path: string): boolean {
    this.questions += 1;
    return this.files.has(path);
  }

  isFolder(path: string): boolean {
    return this.names(path).length > 0;
  }

  names(path: string): readonly string[] {
    this.questions += 1;
    const start = path.endsWith(this.paths.sep) ? path : path + this.paths.sep;
    const below = [...this.files].filter((file) => file.startsWith(start));
    return [...new Set(below.map((file) => file.slice(start.length).split(this.paths.sep)[0] ?? ''))];
  }
}
