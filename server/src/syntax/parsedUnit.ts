/** A unit that is parsed when its statements are first asked for. */

import { LineIndex } from './lineIndex';
import type { Argument, Statement } from './python/ast';
import { classBases } from './python/classHeader';
import type { Unit } from './unit';
import type { UnitParser } from './unitParser';

export class ParsedUnit implements Unit {
  private lowered: readonly Statement[] | null = null;
  private counted: LineIndex | null = null;

  constructor(
    private readonly parser: UnitParser,
    readonly kind: Unit['kind'],
    readonly name: string,
    readonly text: string,
  ) {}

  get statements(): readonly Statement[] {
    this.lowered ??= this.parser.statements(this);
    return this.lowered;
  }

  get bases(): readonly Argument[] {
    if (this.kind !== 'class') {
      return [];
    }
    return classBases(this.text) ?? this.statements.find((one) => one.kind === 'class')?.bases ?? [];
  }

  get lines(): LineIndex {
    this.counted ??= new LineIndex(this.text);
    return this.counted;
  }

  release(): void {
    this.lowered = null;
    this.counted = null;
  }
}
