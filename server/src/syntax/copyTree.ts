/**
 * A syntax tree as plain objects. Asking tree-sitter costs more than parsing does: every property of every node is a call into
 * the binding. So a tree is copied once, with as few calls as will do, and freed at once.
 */

import { type NodeType, nodeType } from './nodeTypes';
import type { ReadableNode, SyntaxCursor, SyntaxTree } from './parser';
import { PlainNode } from './plainNode';
import { isFormatted } from './python/lowerString';

/** Broken code may nest deeper than anything that is lowered. */
const MAX_DEPTH = 1000;

/** Of error nodes; the ids of the grammar begin at 0 and end far before. */
const ERROR_TYPE = 0xffff;

/** Copies trees of one parser: all but comments, and of the signs between named nodes only those that lowering asks for. */
export class TreeCopier {
  /** By their ids, which are the parser's. */
  private readonly types: NodeType[] = [];
  private errorType: NodeType | null = null;

  copy(tree: SyntaxTree): ReadableNode {
    const { hasError } = tree.root;
    return tree.walk((cursor) => {
      const kind = this.typeAt(cursor);
      return hasError
        ? this.broken(cursor, kind, 0)
        : new WholeTree(cursor, tree.text, this).node(kind, cursor.startIndex, 0);
    });
  }

  /** The node at the cursor in a tree with errors: nothing can be known without asking. */
  private broken(cursor: SyntaxCursor, kind: NodeType, depth: number): PlainNode {
    const node = new PlainNode(kind, cursor.startIndex);
    node.endIndex = cursor.endIndex;
    if (depth > MAX_DEPTH || !cursor.gotoFirstChild()) {
      return node;
    }
    const children: PlainNode[] = [];
    const fields: (string | null)[] = [];
    do {
      const childKind = this.typeAt(cursor);
      if (childKind.isNamed ? !childKind.isLeftOut : kind.keepsSigns) {
        fields.push(cursor.currentFieldName ?? null);
        children.push(this.broken(cursor, childKind, depth + 1));
      }
    } while (cursor.gotoNextSibling());
    cursor.gotoParent();
    node.children = children;
    node.fields = fields;
    return node;
  }

  typeAt(cursor: SyntaxCursor): NodeType {
    const id = cursor.nodeTypeId;
    if (id >= ERROR_TYPE) {
      this.errorType ??= nodeType(cursor);
      return this.errorType;
    }
    let found = this.types[id];
    if (found === undefined) {
      found = nodeType(cursor);
      this.types[id] = found;
    }
    return found;
  }
}

/**
 * A tree without errors. There a node begins with its first and ends with its last child, children stand in the order that
 * the grammar says, and between them is nothing but blanks and comments; so the text tells much without a call.
 */
class WholeTree {
  constructor(
    private readonly cursor: SyntaxCursor,
    private readonly text: string,
    private readonly types: TreeCopier,
  ) {}

  /** The node at the cursor, which begins at `start`. */
  node(kind: NodeType, start: number, depth: number): PlainNode {
    const { cursor, text } = this;
    const node = new PlainNode(kind, start);
    if (kind.isWord) {
      const end = wordEnd(text, start);
      node.endIndex = end < 0 ? cursor.endIndex : end;
      return node;
    }
    if (kind.opens && isCloser(text.charCodeAt(start + 1))) {
      node.endIndex = start + 2;
      return node;
    }
    if (kind.isLeaf || depth > MAX_DEPTH || (kind.isString && !isFormatted(text, start)) || !cursor.gotoFirstChild()) {
      node.endIndex = cursor.endIndex;
      return node;
    }
    node.endIndex = this.children(node, kind, depth + 1);
    cursor.gotoParent();
    if (!kind.tight) {
      node.endIndex = cursor.endIndex;
    }
    return node;
  }

  /** Adds the children, of which the cursor is at the first; gives the end of the last. */
  private children(node: PlainNode, kind: NodeType, depth: number): number {
    const { cursor, text } = this;
    const children: PlainNode[] = [];
    const fields: (string | null)[] | null = kind.fields === null ? [] : null;
    node.children = children;
    node.fields = fields;
    let at = kind.tight ? node.startIndex : -1;
    let end = at;
    let count = 0;
    if (kind.opens) {
      cursor.gotoNextSibling();
      at = nextSign(text, at + 1);
    }
    for (;;) {
      const childKind = this.types.typeAt(cursor);
      const start = at < 0 ? cursor.startIndex : at;
      if (!childKind.isNamed) {
        end = childKind.name.includes(' ') ? cursor.endIndex : start + childKind.name.length;
        if (kind.keepsSigns) {
          const sign = new PlainNode(childKind, start);
          sign.endIndex = end;
          fields?.push(null);
          children.push(sign);
        }
        if (kind.closes && isCloser(text.charCodeAt(end - 1))) {
          return end;
        }
      } else if (childKind.isLeftOut) {
        end = cursor.endIndex;
      } else {
        if (fields !== null) {
          const field = fieldOf(kind, childKind, count);
          fields.push(field === undefined ? (cursor.currentFieldName ?? null) : field);
        }
        const child = this.node(childKind, start, depth);
        children.push(child);
        end = child.endIndex;
        count += 1;
        if (count === kind.lastAfter) {
          return end;
        }
        at = nextSign(text, end);
        if (at >= 0) {
          if (kind.continuesWith !== '' && !kind.continuesWith.includes(text.charAt(at))) {
            return end;
          }
          if (!kind.keepsSigns && kind.separators.includes(text.charAt(at))) {
            if (!cursor.gotoNextSibling()) {
              return end;
            }
            end = at + (text[at] !== '.' && text[at] !== ',' && text[at + 1] === '=' ? 2 : 1);
          }
        }
      }
      at = nextSign(text, end);
      if (kind.closes && at >= 0 && isCloser(text.charCodeAt(at))) {
        return at + 1;
      }
      if (!cursor.gotoNextSibling()) {
        return end;
      }
      if (kind.isString) {
        at = -1;
      }
    }
  }
}

/** Undefined where it has to be asked for. */
function fieldOf({ fieldsByChild }: NodeType, child: NodeType, index: number): string | null | undefined {
  if (fieldsByChild === null) {
    return undefined;
  }
  const { first, byType, other } = fieldsByChild;
  return (index === 0 ? first : undefined) ?? byType?.[child.name] ?? other ?? null;
}

/** Offset behind the word that begins at `start`; -1 where letters beyond ASCII make that hard to say. */
function wordEnd(text: string, start: number): number {
  for (let at = start; ; at += 1) {
    const sign = text.charCodeAt(at);
    if (sign > 127) {
      return -1;
    }
    // Lower case, upper case, digits, underscore; not so NaN, behind the text.
    const isPart =
      (sign >= 97 && sign <= 122) || (sign >= 65 && sign <= 90) || (sign >= 48 && sign <= 57) || sign === 95;
    if (!isPart) {
      return at;
    }
  }
}

/** Offset of the next sign that is not blank; -1 where it may belong to what can stand anywhere. */
function nextSign(text: string, from: number): number {
  for (let at = from; ; at += 1) {
    const sign = text.charCodeAt(at);
    if (sign === 32 || sign === 9 || sign === 10 || sign === 13 || sign === 12) {
      continue;
    }
    // `#` begins a comment, a backslash joins lines, and there are blanks beyond ASCII.
    return sign > 32 && sign < 127 && sign !== 35 && sign !== 92 ? at : -1;
  }
}

function isCloser(sign: number): boolean {
  return sign === 41 || sign === 93 || sign === 125;
}
