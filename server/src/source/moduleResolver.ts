/** Which file an imported module is, told from names of files alone. Pure: the file system comes in as `FileTree`. */

import nodePath, { type PlatformPath } from 'node:path';
import type { FileTree } from '../model/fileTree';
import { type ImportRoots, importRoots } from './importRoots';
import { type ImportStarts, isIdentifier, PackageTree } from './packageTree';
import { isStandardLibrary } from './standardLibrary';

export type { FileTree } from '../model/fileTree';

export interface ResolverOptions {
  /** Site-packages and the like, in order. */
  readonly searchPaths: () => readonly string[];
  readonly workspaceFolders: () => readonly string[];
  /** How paths are written; the system's own way where it is left out. */
  readonly paths?: PlatformPath;
}

/** What one import root has of a module. */
interface Found {
  readonly file: string | null;
  /** The first name is a folder without `__init__.py`, which any module or package of that name further on goes before. */
  readonly isNamespace: boolean;
}

/** What is known for all files of one folder. */
interface FolderMemory {
  readonly roots: ImportRoots;
  readonly files: Map<string, string | null>;
}

const NOTHING: Found = { file: null, isNamespace: false };

export class ModuleResolver {
  private readonly paths: PlatformPath;
  private readonly packages: PackageTree;
  private readonly folders = new Map<string, FolderMemory>();
  /** By import root the names in it: a miss is told without another question. */
  private readonly heads = new Map<string, ReadonlySet<string>>();
  private readonly inRoots = new Map<string, Map<string, Found>>();
  private starts: ImportStarts | null = null;

  constructor(
    private readonly tree: FileTree,
    private readonly options: ResolverOptions,
  ) {
    this.paths = options.paths ?? nodePath;
    this.packages = new PackageTree(tree, this.paths, () => this.startFolders());
  }

  /** Dotted name under which the file is imported: `pkg/models/resnet.py` is `pkg.models.resnet`, `pkg/__init__.py` is `pkg`; for a file without package its stem. */
  moduleName(file: string): string {
    const stem = this.paths.basename(file, this.paths.extname(file));
    const { name } = this.packages.placeOf(this.paths.dirname(file));
    if (name === '') {
      return stem;
    }
    return stem === '__init__' ? name : `${name}.${stem}`;
  }

  /**
   * File of an absolute dotted module as imported from `from`. Packages give their `__init__.py`; null for namespace packages, whose members resolve all the same,
   * for stubs and compiled modules, and for what is not there. The order of the places is that of `importRoots`.
   */
  resolve(module: string, from: string): string | null {
    const memory = this.memoryOf(this.paths.dirname(from));
    let file = memory.files.get(module);
    if (file === undefined) {
      file = this.find(module, memory.roots);
      memory.files.set(module, file);
    }
    return file;
  }

  /**
   * The absolute name that a relative import in `from` means: level 2 and module `x` for `from ..x import y`. Null where it leaves the package.
   * `''` is the folder of `from` where that is no package: its members are named by their stems.
   */
  absolute(level: number, module: string, from: string): string | null {
    if (level <= 0) {
      return module;
    }
    const own = this.paths.dirname(from);
    let base = own;
    for (let step = 1; step < level; step += 1) {
      base = this.paths.dirname(base);
    }
    const name = this.nameOfBase(base, own);
    return name === null ? null : [name, module].filter((part) => part !== '').join('.');
  }

  /** Forget what was remembered: a file was made or deleted, or the folders given at the start are others. */
  clear(): void {
    this.packages.clear();
    this.folders.clear();
    this.heads.clear();
    this.inRoots.clear();
    this.starts = null;
  }

  private nameOfBase(base: string, own: string): string | null {
    const { name, holder } = this.packages.placeOf(base);
    if (name !== '') {
      return name;
    }
    // A package that can't be named, as `my-node/__init__.py`, is told from the files in it: their imports start there.
    if (base === own || (base === this.packages.placeOf(own).holder && this.packages.hasInit(base))) {
      return '';
    }
    return this.namespaceName(holder);
  }

  /** Name of a folder without `__init__.py`, seen from the nearest folder that imports start from. */
  private namespaceName(folder: string): string | null {
    const segments: string[] = [];
    let here = folder;
    while (!this.isStart(here)) {
      const segment = this.paths.basename(here);
      const parent = this.paths.dirname(here);
      if (parent === here || segment === 'src' || !isIdentifier(segment)) {
        return null;
      }
      segments.unshift(segment);
      here = parent;
    }
    return segments.length === 0 ? null : segments.join('.');
  }

  private memoryOf(folder: string): FolderMemory {
    let memory = this.folders.get(folder);
    if (memory === undefined) {
      const { holder } = this.packages.placeOf(folder);
      memory = { roots: importRoots(folder, holder, this.startFolders(), this.paths), files: new Map() };
      this.folders.set(folder, memory);
    }
    return memory;
  }

  private find(module: string, roots: ImportRoots): string | null {
    const head = headOf(module);
    let ofNamespace: string | null = null;
    for (const root of isStandardLibrary(head) ? roots.beforeStandardLibrary : roots.all) {
      const found = this.inRoot(root, head, module);
      if (found.file !== null && !found.isNamespace) {
        return found.file;
      }
      ofNamespace ??= found.file;
    }
    return ofNamespace;
  }

  private inRoot(root: string, head: string, module: string): Found {
    const names = this.namesIn(root);
    if (!names.has(head) && !names.has(`${head}.py`)) {
      return NOTHING;
    }
    let known = this.inRoots.get(root);
    if (known === undefined) {
      known = new Map();
      this.inRoots.set(root, known);
    }
    let found = known.get(module);
    if (found === undefined) {
      found = this.look(root, head, module.split('.'));
      known.set(module, found);
    }
    return found;
  }

  private look(root: string, head: string, segments: readonly string[]): Found {
    const isNamespace = segments.length > 1 && !this.packages.hasInit(this.paths.join(root, head));
    const target = this.paths.join(root, ...segments);
    const init = this.paths.join(target, '__init__.py');
    if (this.tree.isFile(init)) {
      return { file: init, isNamespace };
    }
    return this.tree.isFile(`${target}.py`) ? { file: `${target}.py`, isNamespace } : NOTHING;
  }

  private namesIn(root: string): ReadonlySet<string> {
    let names = this.heads.get(root);
    if (names === undefined) {
      names = new Set(this.tree.names(root));
      this.heads.set(root, names);
    }
    return names;
  }

  private startFolders(): ImportStarts {
    this.starts ??= {
      workspace: this.options.workspaceFolders().map((folder) => this.plain(folder)),
      search: this.options.searchPaths().map((folder) => this.plain(folder)),
    };
    return this.starts;
  }

  private isStart(folder: string): boolean {
    const { workspace, search } = this.startFolders();
    return workspace.includes(folder) || search.includes(folder);
  }

  /** Without a separator at the end, as `dirname` writes folders. */
  private plain(folder: string): string {
    return this.paths.dirname(this.paths.join(folder, '_'));
  }
}

function headOf(module: string): string {
  const dot = module.indexOf('.');
  return dot < 0 ? module : module.slice(0, dot);
}
