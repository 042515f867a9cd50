/** A class statement. What it says is looked into when first asked for. */

import type { ClassNode, FunctionNode } from '../syntax/python/ast';
import type { Unit } from '../syntax/unit';
import type { Module } from './module';
import type { Scope, Value } from './values';

export interface ClassBody {
  /** Values of its bases, in order. */
  readonly bases: readonly Value[];
  /** What the class body binds but for methods. */
  readonly attributes: ReadonlyMap<string, Value>;
  /** Classes that stand in its body. */
  readonly inner: readonly FileClass[];
}

const SEVERAL_CLASSES = /\bclass\s[\s\S]*\bclass\s/;

export class FileClass {
  private found: { methods: ReadonlyMap<string, FunctionNode> } | null = null;
  private body: ClassBody | null = null;

  /**
   * `name` is qualified within the file: `Outer.Inner`. `statement` gives the class statement; `run` runs its body, once.
   */
  constructor(
    readonly name: string,
    readonly module: Module,
    readonly unit: Unit,
    /** Names visible in its methods. */
    readonly scope: Scope,
    private readonly statement: () => ClassNode,
    private readonly run: (of: FileClass) => ClassBody,
  ) {}

  get node(): ClassNode {
    return this.statement();
  }

  get methods(): ReadonlyMap<string, FunctionNode> {
    this.found ??= {
      methods: new Map(
        this.node.body.flatMap((one) => (one.kind === 'function' ? [[one.name, one] as const] : [])),
      ),
    };
    return this.found.methods;
  }

  get bases(): readonly Value[] {
    return this.ran().bases;
  }

  get attributes(): ReadonlyMap<string, Value> {
    return this.ran().attributes;
  }

  /** True while its body runs: what is told of it then is not all. */
  get isRunning(): boolean {
    return this.busy;
  }
  private busy = false;

  get inner(): readonly FileClass[] {
    // Running the body means parsing it, which is spared where no other class can stand in it.
    return SEVERAL_CLASSES.test(this.unit.text) ? this.ran().inner : [];
  }

  private ran(): ClassBody {
    if (this.body === null) {
      // A class whose body asks for the class itself sees what there is so far.
      this.body = { bases: [], attributes: new Map(), inner: [] };
      this.busy = true;
      this.body = this.run(this);
      this.busy = false;
    }
    return this.body;
  }
}
