/** What the names of a function stand for, as far as it has to do with layer paths. Pure. */

import type { PathString } from '../model/pathString';
import { CHECKPOINT_ENTRY, LISTINGS, PASSES_ITEMS, STATE_DICT } from './pathStringForms';
import type { Expression } from './python/ast';

/** Names of modules or tensors of a model; without a model, of any. */
export interface Names extends Pick<PathString, 'names' | 'relation'> {
  readonly model: Expression | null;
}

/** What a variable is. */
export type Item =
  /** One of such names. */
  | { readonly kind: 'name'; readonly names: Names }
  /** A mapping by such names. */
  | { readonly kind: 'mapping'; readonly names: Names }
  /** What was assigned, or each item of it in turn. */
  | { readonly kind: 'assigned'; readonly value: Expression }
  | { readonly kind: 'tuple'; readonly items: readonly (Item | null)[] };

export class PathScope {
  private readonly names = new Map<string, Item | null>();

  constructor(private readonly outer: PathScope | null) {}

  /** Null where nothing is known of the name. */
  get(name: string): Item | null {
    const own = this.names.get(name);
    return own === undefined ? (this.outer?.get(name) ?? null) : own;
  }

  set(name: string, item: Item | null): void {
    this.names.set(name, item);
  }

  /** Binds a loop's target to what the loop goes over. */
  bind(target: Expression, item: Item | null): void {
    if (target.kind === 'name') {
      this.set(target.name, item);
    } else if (target.kind === 'sequence') {
      const parts = item?.kind === 'tuple' ? item.items : [];
      for (const [index, one] of target.items.entries()) {
        this.bind(one, parts[index] ?? null);
      }
    }
  }
}

const TENSORS = { names: 'tensor', relation: 'path' } as const;

/** What the keys of a mapping name; null where it is none by layer paths. */
export function keysOf(one: Expression, scope: PathScope): Names | null {
  switch (one.kind) {
    case 'name': {
      const bound = scope.get(one.name);
      if (bound?.kind === 'mapping') {
        return bound.names;
      }
      return STATE_DICT.test(one.name) ? { ...TENSORS, model: null } : null;
    }
    case 'attribute':
      if (one.name === '_modules') {
        return { names: 'module', relation: 'child', model: one.object };
      }
      return STATE_DICT.test(one.name) ? { ...TENSORS, model: null } : null;
    case 'subscript': {
      const [index] = one.indices;
      const key = index?.kind === 'string' ? index.parts.join('') : '';
      return CHECKPOINT_ENTRY.test(key) && keysOf(one.object, scope) === null ? { ...TENSORS, model: null } : null;
    }
    case 'comprehension': {
      if (one.form !== 'dictionary' || one.key?.kind !== 'name') {
        return null;
      }
      const inner = new PathScope(scope);
      for (const clause of one.clauses) {
        if (clause.kind === 'for') {
          inner.bind(clause.target, itemOf(clause.source, inner));
        }
      }
      const bound = inner.get(one.key.name);
      return bound?.kind === 'name' ? bound.names : null;
    }
    case 'call':
      return keysOfCall(one, scope);
    default:
      return null;
  }
}

function keysOfCall(one: Extract<Expression, { kind: 'call' }>, scope: PathScope): Names | null {
  const { callee, args } = one;
  const [first] = args;
  if (callee.kind === 'attribute') {
    if (callee.name === 'state_dict') {
      return { ...TENSORS, model: callee.object };
    }
    if (callee.name === 'copy') {
      return keysOf(callee.object, scope);
    }
  }
  const called = callee.kind === 'attribute' || callee.kind === 'name' ? callee.name : '';
  if ((called === 'dict' || called === 'OrderedDict' || called === 'deepcopy') && first !== undefined) {
    const item = itemOf(first.value, scope);
    const [key] = item?.kind === 'tuple' ? item.items : [];
    return key?.kind === 'name' ? key.names : keysOf(first.value, scope);
  }
  return null;
}

/** What a loop over the expression gives at each turn. */
export function itemOf(source: Expression, scope: PathScope): Item | null {
  if (source.kind === 'call') {
    return itemOfCall(source, scope);
  }
  const keys = keysOf(source, scope);
  if (keys !== null) {
    return { kind: 'name', names: keys };
  }
  if (source.kind === 'name') {
    const bound = scope.get(source.name);
    if (bound?.kind !== 'assigned') {
      return null;
    }
    // `names = list(names)` must not be followed for ever.
    const before = new PathScope(scope);
    before.set(source.name, null);
    return itemOf(bound.value, before);
  }
  // Each item in turn: whatever is asked of one is asked of all.
  return source.kind === 'sequence' && source.items.every((one) => one.kind === 'string')
    ? { kind: 'assigned', value: source }
    : null;
}

function itemOfCall(source: Extract<Expression, { kind: 'call' }>, scope: PathScope): Item | null {
  const { callee, args } = source;
  if (callee.kind === 'attribute') {
    const listing = LISTINGS.get(callee.name);
    if (listing !== undefined) {
      return { kind: 'tuple', items: [{ kind: 'name', names: { ...listing, model: callee.object } }, null] };
    }
    if (callee.name === 'items' || callee.name === 'keys') {
      const keys = keysOf(callee.object, scope);
      const item: Item | null = keys === null ? null : { kind: 'name', names: keys };
      return callee.name === 'keys' ? item : { kind: 'tuple', items: [item, null] };
    }
  }
  const called = callee.kind === 'attribute' || callee.kind === 'name' ? callee.name : '';
  const items = args.map((argument) => itemOf(argument.value, scope));
  if (called === 'enumerate') {
    return { kind: 'tuple', items: [null, items[0] ?? null] };
  }
  if (called === 'zip') {
    return { kind: 'tuple', items };
  }
  if (PASSES_ITEMS.has(called)) {
    return items[0] ?? null;
  }
  const keys = keysOf(source, scope);
  return keys === null ? null : { kind: 'name', names: keys };
}

/** What a name is once the expression was assigned to it. */
export function assigned(value: Expression, scope: PathScope): Item {
  const names = keysOf(value, scope);
  return names === null ? { kind: 'assigned', value } : { kind: 'mapping', names };
}

/** What the expression is a name of: it is a loop's variable. */
export function namesOf(one: Expression, scope: PathScope): Names | null {
  const bound = one.kind === 'name' ? scope.get(one.name) : null;
  return bound?.kind === 'name' ? bound.names : null;
}
