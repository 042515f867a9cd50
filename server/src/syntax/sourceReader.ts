/** Reads files as units, and takes over from the version before what did not change. */

import type { Binding, PythonParser } from './parser';
import type { Argument, Statement } from './python/ast';
import { classBases } from './python/classHeader';
import type { SourceFile } from './sourceFile';
import { splitUnits, type UnitSpan } from './splitUnits';
import type { PlacedUnit, Unit } from './unit';
import { UnitParser } from './unitParser';

export class SourceReader {
  private readonly units: UnitParser;

  constructor(parser: PythonParser) {
    this.units = new UnitParser(parser);
  }

  get binding(): Binding {
    return this.units.binding;
  }

  /** Units whose text did not change are the same objects as in `previous`, one to one and in order. Never throws. */
  read(text: string, previous?: SourceFile): SourceFile {
    if (previous?.text === text) {
      return previous;
    }
    const { units: spans, comments } = splitUnits(text);
    if (previous === undefined) {
      const units = spans.map((span) => ({
        unit: this.unit(span, text.slice(span.start, span.end)),
        start: span.start,
      }));
      return { text, units, comments };
    }
    return { text, units: this.reuse(text, spans, previous.units), comments };
  }

  private reuse(text: string, spans: readonly UnitSpan[], previous: readonly PlacedUnit[]): PlacedUnit[] {
    const shorter = Math.min(spans.length, previous.length);
    const same = (span: UnitSpan | undefined, placed: PlacedUnit | undefined): boolean =>
      span !== undefined && placed !== undefined && isSame(text, span, placed.unit);
    let head = 0;
    while (head < shorter && same(spans[head], previous[head])) {
      head += 1;
    }
    let tail = 0;
    while (tail < shorter - head && same(spans.at(-1 - tail), previous.at(-1 - tail))) {
      tail += 1;
    }
    const replaced = previous.slice(head, previous.length - tail).map((one) => one.unit);
    const changed = this.match(text, spans.slice(head, spans.length - tail), replaced);
    return spans.map((span, index): PlacedUnit => {
      const kept = index < head ? previous[index] : previous[index - spans.length + previous.length];
      const unit = changed[index - head] ?? kept?.unit ?? this.unit(span, copied(text, span));
      return { unit, start: span.start };
    });
  }

  /** Between what is the same at the beginning and at the end: moved units are found by their text, others are new. */
  private match(text: string, spans: readonly UnitSpan[], replaced: readonly Unit[]): Unit[] {
    const byText = new Map<string, Unit[]>();
    for (const unit of replaced.toReversed()) {
      const all = byText.get(unit.text);
      if (all === undefined) {
        byText.set(unit.text, [unit]);
      } else {
        all.push(unit);
      }
    }
    const found = spans.map((span) => byText.get(text.slice(span.start, span.end))?.pop());
    const gone = [...byText.values()].flat();
    return spans.map((span, index) => found[index] ?? this.edited(this.unit(span, copied(text, span)), gone));
  }

  private edited(unit: Unit, gone: readonly Unit[]): Unit {
    const before = gone.find((one) => this.units.hasTree(one) && one.kind === unit.kind && one.name === unit.name);
    if (before !== undefined) {
      this.units.replace(before, unit);
    }
    return unit;
  }

  private unit(span: UnitSpan, text: string): Unit {
    return new ParsedUnit(this.units, span.kind, span.name, text);
  }
}

class ParsedUnit implements Unit {
  private lowered: readonly Statement[] | null = null;

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

  release(): void {
    this.lowered = null;
  }
}

function isSame(text: string, span: UnitSpan, unit: Unit): boolean {
  return span.end - span.start === unit.text.length && text.startsWith(unit.text, span.start);
}

/** A mere slice would keep the whole text of every version from which a unit is still in use. */
function copied(text: string, span: UnitSpan): string {
  return ` ${text.slice(span.start, span.end)}`.slice(1);
}
