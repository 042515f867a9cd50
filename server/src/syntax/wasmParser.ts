/** The WebAssembly binding: `web-tree-sitter` and the `.wasm` that `tree-sitter-python` ships. */

import { Edit, Language, Parser, type Tree } from 'web-tree-sitter';
import type { PythonParser, SyntaxCursor, SyntaxNode, SyntaxTree, WasmFiles } from './parser';
import { textEdit } from './textEdit';

class WasmTree implements SyntaxTree {
  private freed = false;

  constructor(
    readonly text: string,
    readonly tree: Tree,
  ) {}

  get root(): SyntaxNode {
    return this.tree.rootNode;
  }

  walk<T>(use: (cursor: SyntaxCursor) => T): T {
    const cursor = this.tree.walk();
    try {
      return use(cursor);
    } finally {
      cursor.delete();
    }
  }

  delete(): void {
    if (!this.freed) {
      this.freed = true;
      this.tree.delete();
    }
  }

  [Symbol.dispose](): void {
    this.delete();
  }
}

/** Rejects where the files are missing. */
export async function openWasmParser(files: WasmFiles): Promise<PythonParser> {
  await Parser.init({ locateFile: () => files.runtime });
  const parser = new Parser();
  parser.setLanguage(await Language.load(files.language));
  return {
    binding: 'wasm',
    parse(text, previous) {
      const old = previous instanceof WasmTree ? edited(previous, text) : null;
      const tree = parser.parse(text, old);
      previous?.delete();
      if (tree === null) {
        throw new Error('tree-sitter gave no tree: the parser has no language');
      }
      return new WasmTree(text, tree);
    },
  };
}

function edited(previous: WasmTree, text: string): Tree {
  const edit = textEdit(previous.text, text);
  if (edit !== null) {
    previous.tree.edit(new Edit(edit));
  }
  return previous.tree;
}
