/** What the file tells of its classes: order of inheritance, whether they are modules, what their constructors are given. */

import type { Expression, FunctionNode, Statement } from '../python/ast';
import { containerOf, isTorchModule, lastName } from './torchNames';
import { type FileClass, lookup, type ModuleValue, optionsOf, type Value } from './values';

export class ClassFacts {
  private readonly verdicts = new Map<FileClass, boolean>();
  /** By class and parameter: classes and modules that calls in the file pass. */
  readonly passed = new Map<FileClass, Map<string, Value[]>>();
  private readonly assignments = new Map<string, number>();
  /** Counts what has been learnt, to see when nothing new comes. */
  learnt = 0;

  constructor(private readonly text: string) {}

  /** The class and its bases of the file, in the order in which attributes are looked up. */
  lineage(of: FileClass): FileClass[] {
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
    return order;
  }

  /** Dotted names of the bases that are not in this file. */
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
    const known = this.verdicts.get(of);
    if (known !== undefined) {
      return known;
    }
    this.verdicts.set(of, false);
    const externals = this.externalBases(of);
    // A base elsewhere may be a module; that is believed only of a file that has to do with PyTorch at all.
    const guess = (): boolean =>
      /torch|\bnn\b|tensor/i.test(this.text) &&
      (externals.some((path) => !path.startsWith('torch.') && /(?<!Data)Module$/.test(lastName(path))) ||
        (this.hasUnseenBase(of, externals) && this.lineage(of).some((one) => this.looksLikeModule(one))));
    const verdict = externals.some(isTorchModule) || guess();
    this.verdicts.set(of, verdict);
    return verdict;
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

  /** Notes what a call passes for a parameter, where it is a class or a module. */
  learn(of: FileClass, parameter: string, value: Value): void {
    const told = optionsOf(value).filter(
      (one) => one.kind === 'class' || one.kind === 'module' || one.kind === 'function',
    );
    if (told.length === 0) {
      return;
    }
    const byName = this.passed.get(of) ?? new Map<string, Value[]>();
    this.passed.set(of, byName);
    const values = byName.get(parameter) ?? [];
    byName.set(parameter, values);
    for (const one of told) {
      if (values.length < 8 && !values.some((other) => alike(one, other))) {
        values.push(one);
        this.learnt += 1;
      }
    }
  }

  /** True where the file assigns the attribute in one place only, so that its value there is its value. */
  assignedOnce(attribute: string): boolean {
    let count = this.assignments.get(attribute);
    if (count === undefined) {
      const escaped = attribute.replace(/[^\p{L}\p{N}_]/gu, '');
      count = [
        ...this.text.matchAll(new RegExp(`\\.${escaped}\\s*(?::[^=\\n]+)?(?:[-+*/%|&@^]|//|\\*\\*|<<|>>)?=(?!=)`, 'g')),
      ].length;
      this.assignments.set(attribute, count);
    }
    return count <= 1;
  }

  /** True where a base is neither in the file nor PyTorch's or Python's. */
  hasUnseenBase(of: FileClass, externals: readonly string[] = this.externalBases(of)): boolean {
    const unknown = this.lineage(of).some((one) =>
      one.bases.flatMap(optionsOf).some((base) => base.kind === 'unknown' || base.kind === 'parameter'),
    );
    return (
      unknown ||
      externals.some((path) => !path.startsWith('builtins.') && !isTorchModule(path) && !PLAIN_BASES.test(path))
    );
  }

  private looksLikeModule(of: FileClass): boolean {
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
const PLAIN_BASES =
  /^(abc|enum|typing|collections|dataclasses|torch\.utils|torch\.autograd|torch\.optim|object$|unittest|threading|json|argparse|types)(\.|$)/;

function dottedPath(expression: Expression, of: FileClass): string | null {
  if (expression.kind === 'name') {
    const value = lookup(of.scope, expression.name);
    return value?.kind === 'external' ? value.path : value?.kind === 'class' ? value.external : null;
  }
  if (expression.kind === 'attribute') {
    const object = dottedPath(expression.object, of);
    return object === null ? null : `${object}.${expression.name}`;
  }
  return null;
}

function alike(a: Value, b: Value): boolean {
  if (a.kind === 'module' && b.kind === 'module') {
    return a.of === b.of;
  }
  if (a.kind === 'class' && b.kind === 'class') {
    return a.of === b.of && a.external === b.external;
  }
  return a === b || (a.kind === 'function' && b.kind === 'function' && a.body === b.body);
}
