/** The native binding: the packages `tree-sitter` and `tree-sitter-python`. */

import type Parser from 'tree-sitter';
import type { PythonParser, SyntaxCursor, SyntaxNode, SyntaxTree } from './parser';
import { textEdit } from './textEdit';

/**
 * The Node-API version that tree-sitter 0.25.1 is built for. An older Node (20 has version 9) does not refuse it with an error
 * but crashes, so it must not be tried there.
 */
const NODE_API_VERSION = 10;

class NativeTree implements SyntaxTree {
  constructor(
    readonly text: string,
    readonly tree: Parser.Tree,
  ) {}

  get root(): SyntaxNode {
    return this.tree.rootNode;
  }

  walk<T>(use: (cursor: SyntaxCursor) => T): T {
    return use(this.tree.walk());
  }

  /** The garbage collector frees native trees. */
  delete(): void {}

  [Symbol.dispose](): void {
    this.delete();
  }
}

/** Rejects where the binary does not load. */
export async function openNativeParser(): Promise<PythonParser> {
  if (Number(process.versions.napi) < NODE_API_VERSION) {
    throw new Error(
      `the native tree-sitter needs Node-API ${NODE_API_VERSION}, this Node has ${process.versions.napi}`,
    );
  }
  const { default: Binding } = await import('tree-sitter');
  const { default: python } = await import('tree-sitter-python');
  const parser = new Binding();
  parser.setLanguage(python);
  return {
    binding: 'native',
    parse(text, previous) {
      const old = previous instanceof NativeTree ? edited(previous, text) : null;
      return new NativeTree(text, parser.parse(chunks(text), old));
    },
  };
}

function edited(previous: NativeTree, text: string): Parser.Tree {
  const edit = textEdit(previous.text, text);
  if (edit !== null) {
    previous.tree.edit(edit);
  }
  return previous.tree;
}

/** Strings are handed over in pieces: given whole, the binding copies the rest of the text at every read. */
function chunks(text: string): Parser.Input {
  const size = 16_384;
  return (index) => (index < text.length ? text.slice(index, index + size) : null);
}
