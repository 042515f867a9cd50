/** Python source as plain data: what the static mapper needs of it. Offsets are UTF-16 code units. */

import type { Unit } from '../unit';

export interface Span {
  readonly start: number;
  readonly end: number;
}

export type Expression = Span &
  (
    | { readonly kind: 'name'; readonly name: string }
    | { readonly kind: 'attribute'; readonly object: Expression; readonly name: string }
    | { readonly kind: 'call'; readonly callee: Expression; readonly args: readonly Argument[] }
    | { readonly kind: 'subscript'; readonly object: Expression; readonly indices: readonly Expression[] }
    /** f-strings hold their interpolations as parts. */
    | { readonly kind: 'string'; readonly parts: readonly (string | Expression)[] }
    | { readonly kind: 'number'; readonly value: number }
    | { readonly kind: 'constant'; readonly value: boolean | null }
    | { readonly kind: 'sequence'; readonly form: 'list' | 'tuple' | 'set'; readonly items: readonly Expression[] }
    | { readonly kind: 'starred'; readonly value: Expression }
    /** An entry without key is `**value`. */
    | { readonly kind: 'dictionary'; readonly entries: readonly Entry[] }
    | {
        readonly kind: 'comprehension';
        readonly form: 'list' | 'set' | 'dictionary' | 'generator';
        readonly key: Expression | null;
        readonly body: Expression;
        readonly clauses: readonly Clause[];
      }
    | {
        readonly kind: 'conditional';
        readonly condition: Expression;
        readonly then: Expression;
        readonly otherwise: Expression;
      }
    | { readonly kind: 'boolean'; readonly operator: string; readonly left: Expression; readonly right: Expression }
    | { readonly kind: 'not'; readonly value: Expression }
    | { readonly kind: 'comparison'; readonly operands: readonly Expression[]; readonly operators: readonly string[] }
    | { readonly kind: 'binary'; readonly operator: string; readonly left: Expression; readonly right: Expression }
    | { readonly kind: 'unary'; readonly operator: string; readonly value: Expression }
    | { readonly kind: 'lambda'; readonly parameters: readonly FormalParameter[]; readonly body: Expression }
    | { readonly kind: 'walrus'; readonly name: string; readonly value: Expression }
    | { readonly kind: 'slice' }
    | { readonly kind: 'await'; readonly value: Expression }
    | { readonly kind: 'yield'; readonly value: Expression | null; readonly from: boolean }
    | { readonly kind: 'other'; readonly parts: readonly Expression[] }
  );

export interface Argument {
  /** Of a keyword argument. */
  readonly name: string | null;
  /** 1 for `*value`, 2 for `**value`. */
  readonly stars: 0 | 1 | 2;
  readonly value: Expression;
}

export interface Entry {
  readonly key: Expression | null;
  readonly value: Expression;
}

export type Clause =
  | { readonly kind: 'for'; readonly target: Expression; readonly source: Expression }
  | { readonly kind: 'if'; readonly condition: Expression };

export interface FormalParameter {
  readonly name: string;
  readonly annotation: Expression | null;
  readonly defaultValue: Expression | null;
  readonly kind: 'positional' | 'keywordOnly' | 'variadic' | 'keywordVariadic';
}

export interface FunctionNode extends Span {
  readonly kind: 'function';
  readonly name: string;
  readonly parameters: readonly FormalParameter[];
  readonly returns: Expression | null;
  readonly decorators: readonly Expression[];
  readonly body: readonly Statement[];
  /** Whose text the offsets count in. */
  readonly unit: Unit;
}

export interface ClassNode extends Span {
  readonly kind: 'class';
  readonly name: string;
  readonly bases: readonly Argument[];
  readonly decorators: readonly Expression[];
  /** Offset of the first decorator, else of the statement. */
  readonly outerStart: number;
  /** Offset behind the class line's colon. */
  readonly headerEnd: number;
  readonly body: readonly Statement[];
  /** Whose text the offsets count in. */
  readonly unit: Unit;
}

export type Statement = Span &
  (
    | FunctionNode
    | ClassNode
    | { readonly kind: 'assign'; readonly targets: readonly Expression[]; readonly value: Expression }
    | {
        readonly kind: 'declare';
        readonly target: Expression;
        readonly annotation: Expression;
        readonly value: Expression | null;
      }
    | { readonly kind: 'augment'; readonly target: Expression; readonly operator: string; readonly value: Expression }
    | { readonly kind: 'expression'; readonly value: Expression }
    | { readonly kind: 'if'; readonly branches: readonly Branch[]; readonly otherwise: readonly Statement[] }
    | {
        readonly kind: 'for';
        readonly target: Expression;
        readonly source: Expression;
        readonly body: readonly Statement[];
        readonly otherwise: readonly Statement[];
      }
    | {
        readonly kind: 'while';
        readonly condition: Expression;
        readonly body: readonly Statement[];
        readonly otherwise: readonly Statement[];
      }
    | {
        readonly kind: 'with';
        readonly items: readonly { value: Expression; target: Expression | null }[];
        readonly body: readonly Statement[];
      }
    | {
        readonly kind: 'try';
        readonly body: readonly Statement[];
        readonly handlers: readonly (readonly Statement[])[];
        readonly otherwise: readonly Statement[];
        readonly final: readonly Statement[];
      }
    | { readonly kind: 'match'; readonly subject: Expression; readonly cases: readonly (readonly Statement[])[] }
    | { readonly kind: 'return'; readonly value: Expression | null }
    | { readonly kind: 'delete'; readonly targets: readonly Expression[] }
    | { readonly kind: 'import'; readonly module: string; readonly alias: string | null }
    | {
        readonly kind: 'importFrom';
        readonly module: string;
        readonly names: readonly { name: string; alias: string | null }[];
        readonly star: boolean;
      }
    | { readonly kind: 'leave'; readonly how: 'raise' | 'break' | 'continue' }
    | { readonly kind: 'global'; readonly names: readonly string[] }
  );

export interface Branch {
  readonly condition: Expression;
  readonly body: readonly Statement[];
}
