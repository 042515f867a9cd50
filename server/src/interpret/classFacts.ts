/** What the file tells of its classes: order of inheritance, whether they are modules, what their constructors are given. */

import type { Expression, FunctionNode, Statement } from '../syntax/python/ast';
import type { Unit } from '../syntax/unit';
import type { FileClass } from './fileClass';
import { MENTIONS_TORCH, readsOf } from './module';
import type { Program } from './program';
import { containerOf, isTorchModule, lastName } from './torchNames';
import { type ModuleValue, optionsOf, type Value } from './values';

/** By class and parameter: classes, functions and modules that calls pass. */
export type Passed = ReadonlyMap<FileClass, ReadonlyMap<string, readonly Value[]>>;

const lineages = new WeakMap<FileClass, readonly FileClass[]>();
const verdicts = new WeakMap<FileClass, boolean>();

export class ClassFacts {
  constructor(
    private readonly program: Program,
    readonly passed: Passed,
  ) {}

  /** The class and its bases whose statements can be seen, in the order in which attributes are looked up. */
  lineage(of: FileClass): readonly FileClass[] {
    const known = lineages.get(of);
    if (known !== undefined) {
      return known;
    }
    const order: FileClass[] = [];
    const visit = (one: FileClass, depth: number): void => {
      if (depth > 20) {
        return;
      }
      const before = order.indexOf(one);
      if (before !== -1) {
        order.splice(before, 1);
      }
      order.push(one);
      for (const base of one.bases.flatMap(optionsOf)) {
        if (base.kind === 'class' && base.of !== null && base.of !== one) {
          visit(base.of, depth + 1);
        }
      }
    };
    visit(of, 0);
    if (!of.isRunning) {
      lineages.set(of, order);
    }
    return order;
  }

  /** Dotted names of the bases that can't be seen. */
  externalBases(of: FileClass): string[] {
    return this.lineage(of).flatMap((one) =>
      one.bases.flatMap(optionsOf).flatMap((base) => {
        if (base.kind === 'external') {
          return [base.path];
        }
        return base.kind === 'class' && base.external !== null ? [base.external] : [];
      }),
    );
  }

  isModule(of: FileClass): boolean {
    const known = verdicts.get(of);
    if (known !== undefined) {
      return known;
    }
    const verdict = this.program.within(readsOf(of) ?? this.program.reading, () => this.judge(of));
    if (!of.isRunning) {
      verdicts.set(of, verdict);
    }
    return verdict;
  }

  private judge(of: FileClass): boolean {
    const externals = this.externalBases(of);
    if (externals.some(isTorchModule)) {
      return true;
    }
    // A base elsewhere may be a module; that is believed only of a file that has to do with PyTorch at all.
    return (
      (externals.some((path) => !path.startsWith('torch.') && /(?<!Data)Module$/.test(lastName(path))) ||
        (this.hasUnseenBase(of, externals) && this.lineage(of).some((one) => this.looksLikeModule(one)))) &&
      this.program.read(of.module, MENTIONS_TORCH) !== undefined
    );
  }

  /** The PyTorch class whose behaviour it has: a container, or null. */
  container(module: ModuleValue): ReturnType<typeof containerOf> {
    if (module.of === null) {
      return containerOf(module.external);
    }
    for (const path of this.externalBases(module.of)) {
      const container = containerOf(path);
      if (container !== null) {
        return container;
      }
    }
    return null;
  }

  /** True where a container of PyTorch's comes after a class in the order in which attributes are looked up. */
  reachesContainer(of: FileClass, after: FileClass): boolean {
    const lineage = this.lineage(of);
    return lineage.some((one, index) => {
      const bases = one.bases.map(optionsOf);
      const at = bases.findIndex((options) =>
        options.some((base) => base.kind === 'class' && containerOf(base.external) !== null),
      );
      const before = bases.slice(0, Math.max(0, at)).flat();
      return (
        at !== -1 &&
        (index >= lineage.indexOf(after) ||
          before.some((base) => base.kind === 'class' && base.of !== null && this.lineage(base.of).includes(after)))
      );
    });
  }

  method(of: FileClass, name: string, after?: FileClass): { owner: FileClass; node: FunctionNode } | null {
    const lineage = this.lineage(of);
    for (const owner of lineage.slice(after === undefined ? 0 : lineage.indexOf(after) + 1)) {
      const node = owner.methods.get(name);
      if (node !== undefined) {
        return { owner, node };
      }
    }
    return null;
  }

  classAttribute(of: FileClass, name: string): Value | null {
    for (const owner of this.lineage(of)) {
      const value = owner.attributes.get(name);
      if (value !== undefined) {
        return value;
      }
    }
    return null;
  }

  /** True where the classes of an instance assign the attribute in one place only, so that its value there is its value. */
  assignedOnce(module: ModuleValue, attribute: string): boolean {
    const units = new Set(module.of === null ? [] : this.lineage(module.of).map((one) => one.unit));
    return [...units].reduce((sum, unit) => sum + assignmentsIn(unit, attribute), 0) <= 1;
  }

  /** True where a base can neither be seen nor is PyTorch's or Python's. */
  hasUnseenBase(of: FileClass, externals: readonly string[] = this.externalBases(of)): boolean {
    const unknown = this.lineage(of).some((one) =>
      one.bases.flatMap(optionsOf).some((base) => base.kind === 'unknown' || base.kind === 'parameter'),
    );
    return unknown || externals.some((path) => !isTorchModule(path) && !isPlainBase(path));
  }

  private looksLikeModule(of: FileClass): boolean {
    if (!/\bdef\s+(?:forward|__init__)\b/.test(of.unit.text)) {
      return false;
    }
    if (of.methods.has('forward')) {
      return true;
    }
    const init = of.methods.get('__init__');
    return init?.body.some((statement) => this.registersModule(statement, of)) === true;
  }

  private registersModule(statement: Statement, of: FileClass): boolean {
    if (statement.kind !== 'assign' || statement.value.kind !== 'call') {
      return false;
    }
    const onSelf = statement.targets.some(
      (target) => target.kind === 'attribute' && target.object.kind === 'name' && target.object.name === 'self',
    );
    const path = onSelf ? dottedPath(statement.value.callee, of) : null;
    return path !== null && isTorchModule(path);
  }
}

/** Packages whose classes are surely no modules. */
const PLAIN_PACKAGES =
  /^(abc|enum|typing|collections|dataclasses|torch\.utils|torch\.autograd|torch\.optim|object$|unittest|threading|json|argparse|types|builtins)(\.|$)/;
/** Names of PyTorch's module classes outside of `torch.nn`: `torch.fx.GraphModule`, `torch.optim.swa_utils.AveragedModel`. */
const TORCH_MODULES = /(Module|Model|Parallel|Observer|Quantize|QuantizeBase)$/;

function isPlainBase(path: string): boolean {
  return path.startsWith('torch.') ? !TORCH_MODULES.test(path) : PLAIN_PACKAGES.test(path);
}

function nameAround(of: FileClass, name: string): Value | undefined {
  for (let at: FileClass['scope'] | null = of.scope; at !== null; at = at.parent) {
    const value = at.module === null ? at.names.get(name) : at.module.program.read(at.module, name);
    if (value !== undefined) {
      return value;
    }
  }
  return undefined;
}

function dottedPath(expression: Expression, of: FileClass): string | null {
  if (expression.kind === 'name') {
    const value = nameAround(of, expression.name);
    return value?.kind === 'external' ? value.path : value?.kind === 'class' ? value.external : null;
  }
  if (expression.kind === 'attribute') {
    const object = dottedPath(expression.object, of);
    return object === null ? null : `${object}.${expression.name}`;
  }
  return null;
}

const assignments = new WeakMap<Unit, ReadonlyMap<string, number>>();

/** How often a unit's text assigns an attribute of that name. */
function assignmentsIn(unit: Unit, attribute: string): number {
  let counts = assignments.get(unit);
  if (counts === undefined) {
    const all = new Map<string, number>();
    for (const [, name = ''] of unit.text.matchAll(ASSIGNMENT)) {
      all.set(name, (all.get(name) ?? 0) + 1);
    }
    assignments.set(unit, all);
    counts = all;
  }
  return counts.get(attribute) ?? 0;
}

const ASSIGNMENT = /\.([\p{L}_][\p{L}\p{N}_]*)[ \t]*(?::[^=\n]+)?(?:[-+*/%|&@^]|\/\/|\*\*|<<|>>)?=(?!=)/gu;

/** True for values of which one tells all that the other does about what a class may be given. */
export function alike(a: Value, b: Value): boolean {
  if (a.kind === 'module' && b.kind === 'module') {
    return a.of === b.of;
  }
  if (a.kind === 'class' && b.kind === 'class') {
    return a.of === b.of && a.external === b.external;
  }
  return a === b || (a.kind === 'function' && b.kind === 'function' && a.body === b.body);
}
