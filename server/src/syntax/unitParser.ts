/** Parses and lowers single units. */

import { TreeCopier } from './copyTree';
import { withFinishedTree } from './finishedTree';
import type { Binding, PythonParser, SyntaxTree } from './parser';
import type { Statement } from './python/ast';
import { lowerUnit } from './python/lowerStatement';
import type { Unit } from './unit';

/** Units shorter than this (some 2,000 lines) are parsed anew so fast that no tree is kept for them. */
const LARGE = 80_000;
const MAX_TREES = 4;

export class UnitParser {
  /** Trees of large units for the next edit; the one not used for the longest time goes first. */
  private readonly trees = new Map<Unit, SyntaxTree>();

  private readonly copier = new TreeCopier();

  constructor(private readonly parser: PythonParser) {}

  get binding(): Binding {
    return this.parser.binding;
  }

  statements(unit: Unit): Statement[] {
    if (unit.text.length < LARGE) {
      using tree = this.parser.parse(unit.text);
      return this.lower(unit, tree);
    }
    const tree = this.parseLarge(unit);
    this.keep(unit, tree);
    return this.lower(unit, tree);
  }

  hasTree(unit: Unit): boolean {
    return this.trees.has(unit);
  }

  /** Lets the unit be parsed from the tree of the one that it takes the place of. */
  replace(before: Unit, unit: Unit): void {
    const tree = this.trees.get(before);
    if (tree !== undefined && unit.text.length >= LARGE) {
      this.trees.delete(before);
      this.keep(unit, tree);
    }
  }

  private parseLarge(unit: Unit): SyntaxTree {
    const before = this.trees.get(unit);
    this.trees.delete(unit);
    const tree = this.parser.parse(unit.text, before);
    if (before === undefined || !tree.root.hasError) {
      return tree;
    }
    // How the parser recovers from errors depends on what it parsed before; what is found must not.
    tree.delete();
    return this.parser.parse(unit.text);
  }

  private keep(unit: Unit, tree: SyntaxTree): void {
    this.trees.get(unit)?.delete();
    this.trees.delete(unit);
    this.trees.set(unit, tree);
    const [oldest] = this.trees;
    if (this.trees.size > MAX_TREES && oldest !== undefined) {
      oldest[1].delete();
      this.trees.delete(oldest[0]);
    }
  }

  private lower(unit: Unit, tree: SyntaxTree): Statement[] {
    return withFinishedTree(this.parser, tree, (finished, added) =>
      lowerUnit(unit, this.copier.copy(finished), finished.text, added),
    );
  }
}
