import type { TreeRow } from '../../server/src/protocol/clientMessages';

/** The rows of the side bar with what the protocol's tree does not say: each row's parent, and which row stands at a line. */
export class LayerRows {
  private readonly parents = new Map<string, TreeRow>();
  private readonly inOrder: TreeRow[] = [];

  constructor(readonly roots: readonly TreeRow[]) {
    // A stack instead of recursion: a tree may be as deep as a model nests its modules.
    const pending = [...roots].reverse();
    for (let row = pending.pop(); row !== undefined; row = pending.pop()) {
      this.inOrder.push(row);
      for (const child of [...row.children].reverse()) {
        this.parents.set(child.id, row);
        pending.push(child);
      }
    }
  }

  parent(row: TreeRow): TreeRow | undefined {
    return this.parents.get(row.id);
  }

  /**
   * The row with the smallest place around a line (0-based), out of those that `accept` takes. Of several with the same
   * place (the instances of one class) it is the one with the id `preferred`, else the first.
   */
  at(
    isFile: (uri: string) => boolean,
    line: number,
    accept: (row: TreeRow) => boolean = () => true,
    preferred?: string,
  ): TreeRow | undefined {
    let best: { row: TreeRow; lines: number } | undefined;
    for (const row of this.inOrder) {
      const lines = linesAround(row, line);
      if (lines === undefined || !accept(row) || row.location === null || !isFile(row.location.uri)) {
        continue;
      }
      if (best === undefined || lines < best.lines || (lines === best.lines && row.id === preferred)) {
        best = { row, lines };
      }
    }
    return best?.row;
  }
}

/** How many lines the row's place spans, undefined where it does not hold the line. */
function linesAround(row: TreeRow, line: number): number | undefined {
  if (row.location === null) {
    return undefined;
  }
  const { start, end } = row.location.range;
  return start.line <= line && line <= end.line ? end.line - start.line : undefined;
}
