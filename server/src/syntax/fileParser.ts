/** Parses files again and again, reusing what did not change. */

import type { ParsedFile } from '../model/moduleClass';
import type { PathString } from '../model/pathString';
import { openParser } from './openParser';
import { mapParsed } from './parseFile';
import type { Binding, PythonParser, SyntaxTree } from './parser';
import { pathStringsOf } from './pathStringFile';

/** Trees kept for the next edit; the one not used for the longest time goes first. */
const MAX_TREES = 32;

export class FileParser {
  private readonly trees = new Map<string, SyntaxTree>();

  constructor(private readonly parser: PythonParser) {}

  get binding(): Binding {
    return this.parser.binding;
  }

  /** `key` names the file: its tree is kept, to parse the next edit of it faster. */
  parse(key: string, text: string): ParsedFile {
    const previous = this.trees.get(key);
    this.trees.delete(key);
    const tree = this.parser.parse(text, previous);
    this.trees.set(key, tree);
    const [oldest] = this.trees.keys();
    if (this.trees.size > MAX_TREES && oldest !== undefined) {
      this.forget(oldest);
    }
    return mapParsed(this.parser, tree);
  }

  /** The strings of the file that name layers; the tree of the last parse serves where its text is the same. */
  pathStrings(key: string, text: string): PathString[] {
    const kept = this.trees.get(key);
    if (kept?.text === text) {
      return pathStringsOf(this.parser, kept);
    }
    using tree = this.parser.parse(text);
    return pathStringsOf(this.parser, tree);
  }

  /** Frees what is kept for a file. */
  forget(key: string): void {
    this.trees.get(key)?.delete();
    this.trees.delete(key);
  }

  delete(): void {
    for (const key of [...this.trees.keys()]) {
      this.forget(key);
    }
  }
}

/** `wasmFolder` holds `web-tree-sitter.wasm` and `tree-sitter-python.wasm`. */
export async function openFileParser(wasmFolder: string): Promise<FileParser> {
  const wasm = { runtime: `${wasmFolder}/web-tree-sitter.wasm`, language: `${wasmFolder}/tree-sitter-python.wasm` };
  return new FileParser(await openParser({ wasm }));
}
