import { describe, expect, test } from 'vitest';
import { LayerRows } from '../../../client/src/layerRows';
import type { TreeRow } from '../../../server/src/protocol/clientMessages';

/** Lines are 0-based and inclusive. */
function row(
  id: string,
  lines: readonly [number, number] | null,
  children: TreeRow[] = [],
  uri = 'file:///m.py',
): TreeRow {
  const location = lines && {
    uri,
    range: { start: { line: lines[0], character: 0 }, end: { line: lines[1], character: 0 } },
  };
  return {
    ...{ id, label: id, description: '', tooltip: '', kind: 'layer', location },
    ...{ layerPath: id, capture: null, stale: false, expanded: false, children },
  };
}

const rows = new LayerRows([
  row('Block', [0, 9], [row('Block.conv', [2, 2]), row('Block.wide', [3, 5])]),
  row(
    'Net',
    [10, 30],
    [
      row('run', null, [row('layer1.0', [20, 20], [row('layer1.0.conv', [2, 2])]), row('layer1.1', [20, 20])]),
      row('elsewhere', [12, 12], [], 'file:///other.py'),
    ],
  ),
]);

describe('the row at a line', () => {
  function check(line: number, expected: string | undefined, preferred?: string): void {
    const found = rows.at(
      (uri) => uri === 'file:///m.py',
      line,
      () => true,
      preferred,
    );
    expect(found?.id).toBe(expected);
  }

  test('is the class where no layer is defined', () => check(1, 'Block'));
  test('is the layer, not the class around it', () => check(4, 'Block.wide'));
  test('is the first of several layers of one line', () => check(20, 'layer1.0'));
  test('stays at the instance that was selected', () => check(20, 'layer1.1', 'layer1.1'));
  test('stays at an instance deep in the runtime tree', () => check(2, 'layer1.0.conv', 'layer1.0.conv'));
  test('does not stay at a selected row of another line', () => check(3, 'Block.wide', 'layer1.1'));
  test('is of the same file', () => check(12, 'Net'));
  test('is none outside of every class', () => check(31, undefined));
});

test('every row knows its parent', () => {
  function check(line: number, expected: string[]): void {
    const ids: string[] = [];
    let at = rows.at(() => true, line);
    while (at !== undefined) {
      ids.unshift(at.id);
      at = rows.parent(at);
    }
    expect(ids).toEqual(expected);
  }
  check(20, ['Net', 'run', 'layer1.0']);
  check(2, ['Block', 'Block.conv']);
  check(12, ['Net', 'elsewhere']);
});

test('the row above a line is the nearest of those accepted', () => {
  function check(line: number, expected: string | undefined): void {
    const isClass = (one: TreeRow): boolean => ['Block', 'Net'].includes(one.id);
    expect(rows.above((uri) => uri === 'file:///m.py', line, isClass)?.id).toBe(expected);
  }
  check(40, 'Net');
  check(9, 'Block');
  check(-1, undefined);
});
