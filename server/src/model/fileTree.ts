/** What finding a module asks of a file system, so that finding does no input or output of its own. */

/** The few questions resolution asks of a file system; answers may be cached by the implementer. */
export interface FileTree {
  isFile(path: string): boolean;
  isFolder(path: string): boolean;
  /** Names in a folder, [] where it is none. */
  names(path: string): readonly string[];
}
