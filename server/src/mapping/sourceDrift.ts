/** What became of a file's lines since a capture. Pure. */

import { diffArrays } from 'diff';

export interface SourceDrift {
  /** True where code changed; edits of blank lines and of comments change no shape. */
  readonly stale: boolean;
  /** The present 1-based line of a line at capture time; null where it is gone. */
  now(line: number): number | null;
}

const same: SourceDrift = { stale: false, now: (line) => line };

/** Compares the text that was captured with the present one. */
export function sourceDrift(captured: string, present: string): SourceDrift {
  if (captured === present) {
    return same;
  }
  const before = captured.split(/\r\n|\r|\n/);
  const after = present.split(/\r\n|\r|\n/);
  const lines = mapLines(before, after);
  const stale = code(before) !== code(after);
  return { stale, now: (line) => lines.get(line) ?? null };
}

/** Lines of a block that was replaced by as many lines keep their places: an edited line is still that line. */
function mapLines(before: readonly string[], after: readonly string[]): Map<number, number> {
  const lines = new Map<number, number>();
  let old = 1;
  let now = 1;
  let removed = 0;
  for (const change of diffArrays([...before], [...after])) {
    const count = change.value.length;
    if (change.removed) {
      removed = count;
      old += count;
      continue;
    }
    if (change.added) {
      for (let index = 0; index < count && removed === count; index += 1) {
        lines.set(old - removed + index, now + index);
      }
      now += count;
    } else {
      for (let index = 0; index < count; index += 1) {
        lines.set(old + index, now + index);
      }
      old += count;
      now += count;
    }
    removed = 0;
  }
  return lines;
}

function code(lines: readonly string[]): string {
  return lines
    .map(withoutComment)
    .filter((line) => line !== '')
    .join('\n');
}

/** Strings of one line are respected; a `#` inside a longer string cuts text that makes no shape. */
function withoutComment(line: string): string {
  const code = /^(?:[^#"']|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|["'])*/.exec(line)?.[0] ?? line;
  return code.trimEnd();
}
