/** One interface to tree-sitter, whichever binding can be loaded. Offsets count UTF-16 code units in both. */

/** What lowering reads of a node, be it tree-sitter's or a copy. */
export interface ReadableNode {
  readonly type: string;
  readonly startIndex: number;
  readonly endIndex: number;
  readonly isNamed: boolean;
  readonly children: readonly ReadableNode[];
  readonly namedChildren: readonly ReadableNode[];
  childForFieldName(name: string): ReadableNode | null;
}

/** What both bindings offer alike. Valid until its tree is freed. */
export interface SyntaxNode extends ReadableNode {
  readonly hasError: boolean;
  readonly children: readonly SyntaxNode[];
  readonly namedChildren: readonly SyntaxNode[];
  childForFieldName(name: string): SyntaxNode | null;
  /** The smallest node that spans the offsets. */
  descendantForIndex(start: number, end?: number): SyntaxNode | null;
}

/** Stands at one node of a tree; the cheapest way to visit all. */
export interface SyntaxCursor {
  /** Equal for equal types in all trees of a parser. */
  readonly nodeTypeId: number;
  readonly nodeType: string;
  readonly nodeIsNamed: boolean;
  readonly startIndex: number;
  readonly endIndex: number;
  readonly currentFieldName: string | null | undefined;
  gotoFirstChild(): boolean;
  gotoNextSibling(): boolean;
  gotoParent(): boolean;
}

/** A parsed text. Its memory is not JavaScript's: whoever parses frees it. */
export interface SyntaxTree {
  readonly text: string;
  readonly root: SyntaxNode;
  /** Gives `use` a cursor at the root, valid for the time of the call. */
  walk<T>(use: (cursor: SyntaxCursor) => T): T;
  /** Frees the tree; it and its nodes can't be used afterwards. Calling it twice does no harm. */
  delete(): void;
  [Symbol.dispose](): void;
}

export interface PythonParser {
  readonly binding: Binding;
  /** Parses the text; unchanged parts of `previous` are reused, and `previous` is freed. Never fails on broken code. */
  parse(text: string, previous?: SyntaxTree): SyntaxTree;
}

export type Binding = 'native' | 'wasm';

/** Paths of the two files that the WebAssembly binding loads. */
export interface WasmFiles {
  /** `web-tree-sitter.wasm` */
  readonly runtime: string;
  /** `tree-sitter-python.wasm` */
  readonly language: string;
}

export interface ParserOptions {
  readonly wasm: WasmFiles;
  /** Tried first; the other one stands in where it does not load. */
  readonly prefer?: Binding;
}
