/** Which classes of a file are models of their own, and which are parts of others. Pure. */

import type { ModuleClass, ParsedFile } from '../model/moduleClass';

/** Module classes that no other class of the file builds, names, or completes; in source order. Never empty where there are classes. */
export function rootClasses(parsed: ParsedFile): readonly ModuleClass[] {
  return relationsIn(parsed).roots;
}

/** True where running `root` builds, as far as the source tells, an instance of the class. */
export function reaches(parsed: ParsedFile, root: ModuleClass, className: string): boolean {
  return root.name !== className && relationsIn(parsed).reachedFrom(root.name).has(className);
}

const relations = new WeakMap<ParsedFile, Relations>();

/** Looked into once for a file: every class of it asks. */
function relationsIn(parsed: ParsedFile): Relations {
  let known = relations.get(parsed);
  if (known === undefined) {
    known = new Relations(parsed);
    relations.set(parsed, known);
  }
  return known;
}

class Relations {
  readonly roots: readonly ModuleClass[];
  /** By class the ones that it builds, names or derives from. */
  private readonly next = new Map<string, readonly string[]>();
  private readonly reached = new Map<string, ReadonlySet<string>>();

  constructor({ classes, factories }: ParsedFile) {
    /** By class what functions name that return it: `ResNet(BasicBlock, ...)`. */
    const passed = new Map<string, string[]>();
    for (const { className, mentions } of factories) {
      passed.set(className, [...(passed.get(className) ?? []), ...mentions]);
    }
    const users = new Map<string, Set<string>>();
    const completed = new Set<string>();
    for (const { name, parts, mentions, lineage } of classes) {
      const used = [...parts.map((part) => part.className), ...mentions];
      const given = passed.get(name) ?? [];
      for (const one of [...used, ...given]) {
        users.set(one, (users.get(one) ?? new Set()).add(name));
      }
      for (const base of lineage) {
        completed.add(base);
      }
      if (!this.next.has(name)) {
        this.next.set(name, [...used, ...lineage, ...given]);
      }
    }
    const isUsed = ({ name, lineage }: ModuleClass): boolean =>
      [...(users.get(name) ?? [])].some((user) => user !== name && !lineage.includes(user));
    const isUnfinishedBase = ({ name, hasForward }: ModuleClass): boolean => !hasForward && completed.has(name);
    const roots = classes.filter((one) => !isUsed(one) && !isUnfinishedBase(one));
    this.roots = roots.length > 0 ? roots : classes;
  }

  reachedFrom(root: string): ReadonlySet<string> {
    let seen = this.reached.get(root);
    if (seen === undefined) {
      const all = new Set<string>();
      const open = [root];
      for (let name = open.pop(); name !== undefined; name = open.pop()) {
        if (!all.has(name)) {
          all.add(name);
          open.push(...(this.next.get(name) ?? []));
        }
      }
      this.reached.set(root, all);
      seen = all;
    }
    return seen;
  }
}
