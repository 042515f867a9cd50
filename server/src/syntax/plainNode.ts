/** A syntax node as a plain object. */

import type { NodeType } from './nodeTypes';
import type { ReadableNode } from './parser';

const NO_CHILDREN: PlainNode[] = [];

export class PlainNode implements ReadableNode {
  children: PlainNode[] = NO_CHILDREN;
  /** Names of the fields of the children; null where they follow from the type. */
  fields: readonly (string | null)[] | null = null;
  private named: PlainNode[] | null = null;

  constructor(
    private readonly kind: NodeType,
    readonly startIndex: number,
    public endIndex = startIndex,
  ) {}

  get type(): string {
    return this.kind.name;
  }

  get isNamed(): boolean {
    return this.kind.isNamed;
  }

  get namedChildren(): readonly PlainNode[] {
    if (!this.kind.keepsSigns) {
      return this.children;
    }
    this.named ??= this.children.filter((one) => one.kind.isNamed);
    return this.named;
  }

  childForFieldName(name: string): PlainNode | null {
    if (this.fields !== null) {
      return this.children[this.fields.indexOf(name)] ?? null;
    }
    const { fields } = this.kind;
    if (name === 'operator') {
      return (fields?.length === 0 ? undefined : this.children.find((one) => !one.kind.isNamed)) ?? null;
    }
    return this.namedChildren[fields?.indexOf(name) ?? -1] ?? null;
  }
}
