/** What local names stand for while a file is read from top to bottom, written so that the class's own file can evaluate it. Pure. */

import type { Argument, Expression, Statement } from '../syntax/python/ast';
import type { Wanted } from './foundRecipes';
import { isFirstName } from './foundStatements';

const BUILTINS = new Set([
  'True',
  'False',
  'None',
  'int',
  'float',
  'str',
  'bool',
  'list',
  'tuple',
  'dict',
  'range',
  'len',
  'max',
  'min',
  'sum',
  'torch',
  'nn',
]);
/** What gives back what it was called on, as far as a recipe goes: it runs where the helper runs. */
const SAME = new Set(['to', 'eval', 'train', 'cuda', 'cpu', 'requires_grad_', 'share_memory']);
const DTYPE = /^(?:dtype=)?torch\.(?!device)\w+$/;
/** What wraps a model and is called as it. */
const WRAPPERS = new Set(['DataParallel', 'DistributedDataParallel', 'compile', 'script']);
const DEEPEST = 12;

export class Scope {
  /** Null for a name whose value is not told. */
  private readonly names = new Map<string, string | null>();

  constructor(
    private readonly wanted: Wanted,
    private readonly fileText: string,
    private readonly outer: Scope | null,
  ) {}

  inner(): Scope {
    return new Scope(this.wanted, this.fileText, this);
  }

  set(name: string, value: string | null): void {
    this.names.set(name, value);
  }

  /** Takes over what a statement assigns or imports. */
  run(one: Statement, text: string): void {
    if (one.kind === 'assign') {
      for (const target of one.targets) {
        this.assign(target, one.value, text);
      }
    } else if (one.kind === 'declare' && one.value !== null) {
      this.assign(one.target, one.value, text);
    } else if (one.kind === 'augment') {
      this.assign(one.target, null, text);
    } else if (one.kind === 'for') {
      this.assign(one.target, null, text);
    } else if (one.kind === 'expression') {
      this.change(one.value);
    } else if (one.kind === 'with') {
      for (const { target } of one.items) {
        if (target !== null) {
          this.assign(target, null, text);
        }
      }
    } else if (one.kind === 'import' && one.alias !== null && isTorch(one.module)) {
      this.set(one.alias, one.module);
    } else if (one.kind === 'importFrom') {
      for (const { name, alias } of one.names) {
        if (isTorch(one.module)) {
          this.set(alias ?? name, `${one.module}.${name}`);
        }
      }
    }
  }

  /** The expression's text with its names followed; null where one is not known. */
  expand(one: Expression, text: string, depth = 0): string | null {
    if (depth > DEEPEST) {
      return null;
    }
    const inner = (child: Expression): string | null => this.expand(child, text, depth + 1);
    switch (one.kind) {
      case 'name':
        return this.value(one.name);
      case 'attribute': {
        const whole = this.dotted(one);
        const known = whole === null ? undefined : this.find(whole);
        if (known !== undefined) {
          return known;
        }
        const imported = whole === null ? undefined : this.wanted.imported?.get(whole);
        if (imported !== undefined) {
          return imported;
        }
        const object = inner(one.object);
        return object === null ? null : `${object}.${one.name}`;
      }
      case 'call':
        return this.call(one.callee, one.args, text, depth);
      case 'sequence': {
        const items = one.items.map(inner);
        return items.includes(null) ? null : wrapped(one.form, items.join(', '), items.length);
      }
      case 'starred': {
        const value = inner(one.value);
        return value === null ? null : `*${value}`;
      }
      case 'dictionary': {
        const entries = one.entries.map(({ key, value }) => {
          const [k, v] = [key === null ? '' : inner(key), inner(value)];
          return k === null || v === null ? null : key === null ? `**${v}` : `${k}: ${v}`;
        });
        return entries.includes(null) ? null : `{${entries.join(', ')}}`;
      }
      case 'binary':
      case 'boolean': {
        const [left, right] = [inner(one.left), inner(one.right)];
        return left === null || right === null ? null : `(${left} ${one.operator} ${right})`;
      }
      case 'conditional': {
        const [then, condition, otherwise] = [one.then, one.condition, one.otherwise].map(inner);
        return [then, condition, otherwise].some((part) => part === null || part === undefined)
          ? null
          : `(${then} if ${condition} else ${otherwise})`;
      }
      case 'unary': {
        const value = inner(one.value);
        return value === null ? null : `${one.operator}${value}`;
      }
      case 'subscript': {
        const [object, ...indices] = [one.object, ...one.indices].map(inner);
        return object === null ||
          object === undefined ||
          indices.includes(null) ||
          text.slice(one.start, one.end).includes(':')
          ? null
          : `${object}[${indices.join(', ')}]`;
      }
      case 'string':
        return one.parts.every((part) => typeof part === 'string') ? text.slice(one.start, one.end) : null;
      case 'number':
      case 'constant':
        return text.slice(one.start, one.end);
      default:
        return null;
    }
  }

  private call(callee: Expression, args: readonly Argument[], text: string, depth: number): string | null {
    const called =
      callee.kind === 'attribute' && SAME.has(callee.name) ? this.expand(callee.object, text, depth + 1) : null;
    const isConversion = args.some((one) => DTYPE.test(this.argument(one, text, depth) ?? ''));
    if (called !== null && !isTorch(called) && !isConversion) {
      return called;
    }
    const name = this.expand(callee, text, depth + 1);
    if (name === null) {
      return null;
    }
    const values = args.filter((one) => one.name !== 'device').map((one) => this.argument(one, text, depth));
    if (WRAPPERS.has(name.slice(name.lastIndexOf('.') + 1))) {
      return values[0] ?? null;
    }
    return values.includes(null) ? null : `${name}(${values.join(', ')})`;
  }

  private argument(one: Argument, text: string, depth: number): string | null {
    const value = this.expand(one.value, text, depth + 1);
    return value === null ? null : `${one.name === null ? '' : `${one.name}=`}${'*'.repeat(one.stars)}${value}`;
  }

  private assign(target: Expression, value: Expression | null, text: string): void {
    if (target.kind === 'sequence') {
      target.items.forEach((item, index) => {
        const parts = value?.kind === 'sequence' && value.items.length === target.items.length ? value.items : [];
        this.assign(item, parts[index] ?? null, text);
      });
      return;
    }
    const name = this.dotted(target);
    if (name === null) {
      return;
    }
    // At the top of the class's own file the name is there when the recipe runs.
    const isThere = this.outer === null && this.wanted.imported === null && this.wanted.known.has(name);
    const expanded = value === null ? null : this.expand(value, text);
    this.set(name, isThere && (expanded === null || !this.isPlain(expanded)) ? name : expanded);
  }

  /** What has its methods called for their effect is no longer what it was made as: a list, a parser. */
  private change(one: Expression): void {
    const object = one.kind === 'call' && one.callee.kind === 'attribute' ? this.dotted(one.callee.object) : null;
    const known = object === null ? undefined : this.find(object);
    if (
      object !== null &&
      typeof known === 'string' &&
      !isFirstName(known, this.wanted.className) &&
      known !== object
    ) {
      this.set(object, isTorch(known) ? known : null);
    }
  }

  /** A literal, a tensor or the model: as good as its name, and better to read. */
  private isPlain(text: string): boolean {
    return /^(?:torch\.|[\d[("'{-])/.test(text) || isFirstName(text, this.wanted.className);
  }

  private value(name: string): string | null {
    const found = this.find(name);
    if (found !== undefined) {
      return found;
    }
    const { imported, known } = this.wanted;
    if (imported !== null) {
      return imported.get(name) ?? (BUILTINS.has(name) ? name : null);
    }
    return known.has(name) || BUILTINS.has(name) ? name : null;
  }

  private find(name: string): string | null | undefined {
    return this.names.has(name) ? (this.names.get(name) ?? null) : this.outer?.find(name);
  }

  private dotted(one: Expression): string | null {
    if (one.kind === 'name') {
      return one.name;
    }
    const object = one.kind === 'attribute' ? this.dotted(one.object) : null;
    return object === null || one.kind !== 'attribute' ? null : `${object}.${one.name}`;
  }
}

function isTorch(name: string): boolean {
  return /^torch(?:\.\w+)*$/.test(name);
}

function wrapped(form: 'list' | 'tuple' | 'set', items: string, count: number): string {
  return form === 'list' ? `[${items}]` : form === 'set' ? `{${items}}` : `(${items}${count === 1 ? ',' : ''})`;
}
