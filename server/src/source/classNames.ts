/** The module classes of a file by name: which of them a piece of code mentions. */

import type { ClassNode, FunctionNode } from '../syntax/python/ast';
import { namesIn } from '../syntax/python/namesIn';

export class ClassNames {
  private readonly byLastName = new Map<string, string[]>();
  private readonly order: ReadonlyMap<string, number>;

  /** Qualified names, in source order. */
  constructor(readonly names: readonly string[]) {
    for (const name of names) {
      const last = name.slice(name.lastIndexOf('.') + 1);
      const all = this.byLastName.get(last);
      if (all === undefined) {
        this.byLastName.set(last, [name]);
      } else {
        all.push(name);
      }
    }
    this.order = new Map(names.map((name, index) => [name, index] as const));
  }

  /** In source order, without `self`. */
  mentionedIn(node: ClassNode | FunctionNode, self: string | null): string[] {
    return [...namesOf(node)]
      .flatMap((name) => this.byLastName.get(name) ?? [])
      .filter((name) => name !== self)
      .sort((a, b) => (this.order.get(a) ?? 0) - (this.order.get(b) ?? 0));
  }
}

const known = new WeakMap<ClassNode | FunctionNode, ReadonlySet<string>>();

function namesOf(node: ClassNode | FunctionNode): ReadonlySet<string> {
  let all = known.get(node);
  if (all === undefined) {
    all = namesIn(node.body);
    known.set(node, all);
  }
  return all;
}
