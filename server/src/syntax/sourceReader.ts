/** Reads files as units, and takes over from the version before what did not change. */

import { commonEnd, commonStart } from './commonParts';
import { LineCounter } from './lineCounter';
import { ParsedUnit } from './parsedUnit';
import type { Binding, PythonParser } from './parser';
import type { Span } from './python/ast';
import { NO_FILE, type PlacedComment, type SourceFile } from './sourceFile';
import { splitAgain, splitUnits, type UnitSpan } from './splitUnits';
import type { PlacedUnit, TextPlace, Unit } from './unit';
import { UnitParser } from './unitParser';

/** The part of a file that is read anew: units and comments of the version before that stay in front and behind. */
interface Part {
  readonly units: readonly UnitSpan[];
  readonly comments: readonly Span[];
  /** Counts of units of the version before. */
  readonly head: number;
  readonly tail: number;
  /** Offset behind which the tail stands. */
  readonly until: number;
  readonly isGuessed: boolean;
}

export class SourceReader {
  private readonly units: UnitParser;

  constructor(parser: PythonParser) {
    this.units = new UnitParser(parser);
  }

  get binding(): Binding {
    return this.units.binding;
  }

  /** Units whose text did not change are the same objects as in `previous`, one to one and in order. Never throws. */
  read(text: string, previous: SourceFile = NO_FILE): SourceFile {
    return previous.text === text ? previous : this.joined(text, previous, changedPart(text, previous) ?? whole(text));
  }

  private joined(text: string, previous: SourceFile, part: Part): SourceFile {
    const before = previous.units.slice(0, part.head);
    const behind = previous.units.slice(previous.units.length - part.tail);
    const replaced = previous.units.slice(part.head, previous.units.length - part.tail).map((one) => one.unit);
    const changed = this.match(text, part.units, replaced);
    const from = previous.units[part.head];
    const counter = new LineCounter(text, part.head > 0 ? from : undefined);
    const placed = part.units.map((span, index): PlacedUnit => {
      const unit = changed[index] ?? this.unit(span, copied(text, span));
      return { unit, ...counter.to(span.start) };
    });
    const moved = mover(counter, part.until, behind[0]);
    const comments = new LineCounter(text, part.head > 0 ? from : undefined);
    const isBefore = (one: PlacedComment): boolean => from !== undefined && part.head > 0 && one.start < from.start;
    const isBehind = (one: PlacedComment): boolean => behind[0] !== undefined && one.start >= behind[0].start;
    return {
      text,
      units: [...before, ...placed, ...behind.map((one): PlacedUnit => ({ unit: one.unit, ...moved(one) }))],
      comments: [
        ...previous.comments.filter(isBefore),
        ...part.comments.map((one): PlacedComment => ({ ...comments.to(one.start), end: one.end })),
        ...previous.comments
          .filter(isBehind)
          .map((one): PlacedComment => ({ ...moved(one), end: moved(one).start + one.end - one.start })),
      ],
      isGuessed: part.isGuessed,
    };
  }

  /** Units of the part: those whose text is as before are found by it, others are new. */
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
    if (byText.size === 0) {
      // What is read for the first time needs no copies: its text is held as a whole anyway.
      return spans.map((span) => this.unit(span, text.slice(span.start, span.end)));
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

function whole(text: string): Part {
  return { ...splitUnits(text), head: 0, tail: 0, until: text.length };
}

/** What has to be split again after a change; null where nothing can be taken over. */
function changedPart(text: string, previous: SourceFile): Part | null {
  const { units } = previous;
  if (previous.isGuessed || units.length === 0) {
    return null;
  }
  const same = commonStart(previous.text, text);
  const shorter = Math.min(previous.text.length, text.length);
  const changedUntil = text.length - commonEnd(previous.text, text, shorter - same);
  const moved = text.length - previous.text.length;
  // What a unit is may hang on the line behind its own first one, so the one before is read again too.
  const head = Math.max(0, lastBefore(units, same) - 1);
  const from = head === 0 ? 0 : (units[head]?.start ?? 0);
  const at = (offset: number): number => {
    const found = lastBefore(units, offset - moved + 1);
    return units[found]?.start === offset - moved ? found : -1;
  };
  const part = splitAgain(text, { from, changedUntil, begins: (offset) => units[at(offset)]?.unit.kind ?? null });
  if (part === null) {
    return null;
  }
  const kept = part.until === text.length ? -1 : at(part.until);
  return { ...part, head, tail: kept < 0 ? 0 : units.length - kept, isGuessed: false };
}

/** Index of the last unit that begins before an offset; -1 where none does. */
function lastBefore(units: readonly PlacedUnit[], offset: number): number {
  let low = -1;
  let high = units.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((units[middle]?.start ?? 0) < offset) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  return low;
}

/** Gives the new place of what stands behind the part. */
function mover(counter: LineCounter, until: number, first: PlacedUnit | undefined): (one: TextPlace) => TextPlace {
  if (first === undefined) {
    return (one) => one;
  }
  const now = counter.to(until);
  const offset = now.start - first.start;
  const lines = now.line - first.line;
  return ({ start, line, column }) => ({ start: start + offset, line: line + lines, column });
}

/** A mere slice would keep the whole text of every version from which a unit is still in use. */
function copied(text: string, span: Span): string {
  return ` ${text.slice(span.start, span.end)}`.slice(1);
}
