import type { TreeRow } from '../../server/src/protocol/clientMessages';

/** The rows of the side bar with what the protocol's tree does not say: each row's parent, and which row stands at a line. */
export class LayerRows {
  private readonly parents = new Map<string, TreeRow>();
  private readonly inOrder: TreeRow[] = [];

  constructor(readonly roots: readonly TreeRow[]) {
    this.add(roots, undefined);
  }

  private add(rows: readonly TreeRow[], parent: TreeRow | undefined): void {
    for (const row of rows) {
      this.inOrder.push(row);
      if (parent !== undefined) {
        this.parents.set(row.id, parent);
      }
      this.add(row.children, row);
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

  /** The row that starts nearest above a line, out of those that `accept` takes. */
  above(isFile: (uri: string) => boolean, line: number, accept: (row: TreeRow) => boolean): TreeRow | undefined {
    return this.inOrder
      .filter((row) => accept(row) && row.location !== null && isFile(row.location.uri) && startOf(row) <= line)
      .reduce<TreeRow | undefined>(
        (best, row) => (best === undefined || startOf(row) > startOf(best) ? row : best),
        undefined,
      );
  }
}

function startOf(row: TreeRow): number {
  return row.location?.range.start.line ?? 0;
}

/** How many lines the row's place spans, undefined where it does not hold the line. */
function linesAround(row: TreeRow, line: number): number | undefined {
  if (row.location === null) {
    return undefined;
  }
  const { start, end } = row.location.range;
  return start.line <= line && line <= end.line ? end.line - start.line : undefined;
}
