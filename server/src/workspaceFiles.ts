/** Files as the editor shows them: open ones with their unsaved text, others from the disk. */

import type { FileTree } from './model/fileTree';
import { ImportAnswers } from './source/importAnswers';
import { ModuleResolver } from './source/moduleResolver';
import { DiskTree } from './workspace/diskTree';
import { readSource } from './workspace/readSource';

/** An environment may stand in the workspace. */
const INSTALLED = /[\\/](?:site|dist)-packages[\\/]/;

export class WorkspaceFiles {
  /** Texts of open files by absolute path. */
  readonly open = new Map<string, string>();
  /** Which module is which file, and what was asked of that. */
  readonly resolver: ImportAnswers;
  private tree = new DiskTree();
  private readonly workspace: () => readonly string[];

  /** The folders may change; `forget` has to be called then. */
  constructor(folders: { readonly workspace: () => readonly string[]; readonly installed: () => readonly string[] }) {
    this.workspace = folders.workspace;
    const tree: FileTree = {
      isFile: (path) => this.tree.isFile(path),
      isFolder: (path) => this.tree.isFolder(path),
      names: (path) => this.tree.names(path),
    };
    this.resolver = new ImportAnswers(
      new ModuleResolver(tree, { workspaceFolders: folders.workspace, searchPaths: folders.installed }),
    );
  }

  isOpen(file: string): boolean {
    return this.open.has(file);
  }

  /** Files of the workspace, and what is open of others. */
  mayChange(file: string): boolean {
    const isWorkspace = !INSTALLED.test(file) && this.workspace().some((folder) => file.startsWith(folder));
    return isWorkspace || this.open.has(file);
  }

  text(file: string): string | null {
    return this.open.get(file) ?? readSource(file);
  }

  /** Forgets which files there are: one was made or deleted, or the folders are others. */
  forget(): void {
    this.tree = new DiskTree();
    this.resolver.clear();
  }
}
