/** A class statement. What it says is looked into when first asked for. */

import { holdsClass } from '../syntax/holdsClass';
import type { ClassNode, FunctionNode } from '../syntax/python/ast';
import type { Unit } from '../syntax/unit';
import type { Module } from './module';
import type { Scope, Value } from './values';

export interface ClassBody {
  /** What the class body binds but for methods. */
  readonly attributes: ReadonlyMap<string, Value>;
  /** Classes that stand in its body. */
  readonly inner: readonly FileClass[];
}

export class FileClass {
  private body: ClassBody | null = null;
  private holdsClasses: boolean | null = null;
  private baseValues: readonly Value[] | null = null;

  /**
   * `name` is qualified within the file: `Outer.Inner`. `statement` gives the class statement; `runBases` looks into its bases and `run` runs its body, once.
   */
  constructor(
    readonly name: string,
    readonly module: Module,
    readonly unit: Unit,
    /** Names visible in its methods. */
    readonly scope: Scope,
    private readonly statement: () => ClassNode,
    private readonly runBases: (of: FileClass) => readonly Value[],
    private readonly run: (of: FileClass) => ClassBody,
  ) {}

  get node(): ClassNode {
    return this.statement();
  }

  get methods(): ReadonlyMap<string, FunctionNode> {
    return methodsIn(this.node);
  }

  /** Values of its bases, in order; none while they are being looked into or the body runs. */
  get bases(): readonly Value[] {
    if (this.busy) {
      return [];
    }
    if (this.baseValues === null) {
      this.busy = true;
      this.baseValues = this.runBases(this);
      this.busy = false;
    }
    return this.baseValues;
  }

  get attributes(): ReadonlyMap<string, Value> {
    return this.ran().attributes;
  }

  /** True while its bases or its body run: what is told of it then is not all. */
  get isRunning(): boolean {
    return this.busy;
  }
  private busy = false;

  get inner(): readonly FileClass[] {
    // Running the body means parsing it, which is spared where no other class can stand in it.
    this.holdsClasses ??= holdsClass(this.unit.text);
    return this.holdsClasses ? this.ran().inner : [];
  }

  private ran(): ClassBody {
    if (this.body === null) {
      // A class whose body asks for the class itself sees what there is so far.
      void this.bases;
      this.body = { attributes: new Map(), inner: [] };
      this.busy = true;
      this.body = this.run(this);
      this.busy = false;
    }
    return this.body;
  }
}

/** By statement, so that they go with it when its unit is released. */
const methods = new WeakMap<ClassNode, ReadonlyMap<string, FunctionNode>>();

function methodsIn(node: ClassNode): ReadonlyMap<string, FunctionNode> {
  let known = methods.get(node);
  if (known === undefined) {
    known = new Map(node.body.flatMap((one) => (one.kind === 'function' ? [[one.name, one] as const] : [])));
    methods.set(node, known);
  }
  return known;
}
