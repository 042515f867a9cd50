/** From a capture to the text at a line's end. */

import { expect, test } from 'vitest';
import { annotate } from '../../server/src/mapping/annotate';
import { sourceDrift } from '../../server/src/mapping/sourceDrift';
import type { Call, Capture, RuntimeModule, Site, Value } from '../../server/src/protocol/helperMessages.generated';
import { lineText, namedLineText } from '../../server/src/render/lineText';

const file = '/w/model.py';
const site = (line: number, column = 1, endColumn = 20): Site => ({ file, line, endLine: line, column, endColumn });
const tensor = (...shape: number[]): Value => ({ kind: 'tensor', shape, dtype: 'float32', device: 'cpu' });
const given = (value: Value): Value => ({ kind: 'arguments', className: '', items: [{ key: 'x', value }], omitted: 0 });

function layer(path: string, line: number): RuntimeModule {
  return {
    paths: [path],
    className: 'Linear',
    description: '',
    definition: site(line),
    construction: site(line),
    parameters: 0,
    ownParameters: [],
  };
}

interface Made {
  readonly path: string;
  readonly at?: Site | null;
  readonly input?: Value;
  readonly output?: Value | null;
  readonly through?: string;
  /** A call inside another expression. */
  readonly inside?: boolean;
}

function captureOf(modules: RuntimeModule[], made: Made[], rest: Partial<Capture> = {}): Capture {
  const calls = made.map(
    (one, order): Call => ({
      path: one.path,
      index: 0,
      order,
      callSite: one.at ?? null,
      through: one.through ?? null,
      input: given(one.input ?? tensor(1, 4)),
      output: one.output === undefined ? tensor(1, 2) : one.output,
      ...(one.inside === true ? {} : { wholeValue: true }),
    }),
  );
  return {
    version: 1,
    file,
    className: 'Net',
    status: 'ok',
    mode: 'values',
    recipe: { expression: 'Net()(x)', source: 'directive', assumed: false },
    provenance: { torch: '2', python: '3', startedAt: '', durationMs: 1, training: false },
    modules,
    calls,
    operations: [],
    uncalled: [],
    notes: [],
    error: null,
    ...rest,
  };
}

function check(capture: Capture, expected: Record<string, string>): void {
  const lines = annotate(capture, file, sourceDrift('', ''));
  expect(Object.fromEntries(lines.map((one) => [`${one.role} ${one.line}`, lineText(one)]))).toEqual(expected);
}

test('one layer, one call: in and out at the definition and at the call', () => {
  check(captureOf([layer('fc', 3)], [{ path: 'fc', at: site(9) }]), {
    'definition 3': '[1, 4] -> [1, 2]',
    'call 9': '[1, 4] -> [1, 2]',
  });
});

test('equal calls collapse, different ones list what came out, the rest is counted', () => {
  const modules = ['a.fc', 'b.fc', 'c.fc', 'd.fc', 'e.fc', 'f.fc'].map((path) => layer(path, 3));
  const made = [64, 64, 128, 256, 512, 1024].map((width, index) => ({
    path: modules[index]?.paths[0] ?? '',
    at: site(9),
    output: tensor(1, width, 56, 56),
  }));
  const text = '-> [1, 64, 56, 56] x2 | [1, 128, 56, 56] | [1, 256, 56, 56] | +2 more';
  check(captureOf(modules, made), { 'definition 3': text, 'call 9': text });
});

test('equal calls are counted over all of them, in the order in which they first ran', () => {
  const made = [16, 32, 16, 64, 32, 16].map((width) => ({ path: 'act', at: site(9), output: tensor(1, width) }));
  const text = '-> [1, 16] x3 | [1, 32] x2 | [1, 64]';
  check(captureOf([layer('act', 3)], made), { 'definition 3': text, 'call 9': text });
  const differing = made.map((one, index) => ({ ...one, input: tensor(index + 1, 4) }));
  check(captureOf([layer('act', 3)], differing), { 'definition 3': text, 'call 9': text });
});

test('the values of a function are counted the same way', () => {
  const operations = [4, 8, 4, 8].map((width, order) => ({
    ...{ file, line: 7, endLine: 7, column: 9, endColumn: 20, path: '', variable: 'y', name: 'relu' },
    ...{ order, output: tensor(1, width), wholeValue: true },
  }));
  check(captureOf([], [], { operations }), { 'operation 7': '-> [1, 4] x2 | [1, 8] x2' });
});

test('several calls on one line are named, each with what it gave', () => {
  const capture = captureOf(
    [layer('net.conv1', 3), layer('net.bn1', 4)],
    [
      { path: 'net.conv1', at: site(9, 17, 30) },
      { path: 'net.bn1', at: site(9, 8, 31), output: tensor(1, 7) },
    ],
  );
  check(capture, {
    'definition 3': '[1, 4] -> [1, 2]',
    'definition 4': '[1, 4] -> [1, 7]',
    'call 9': 'conv1 -> [1, 2], bn1 -> [1, 7]',
  });
});

test('a long input gives way to what came out', () => {
  const long = [{ path: 'fc', at: site(9), input: tensor(...Array.from({ length: 30 }, () => 1)) }];
  check(captureOf([layer('fc', 3)], long), { 'definition 3': '-> [1, 2]', 'call 9': '-> [1, 2]' });
});

test('calls of one line that give the same are told together', () => {
  const capture = captureOf(
    [layer('conv', 3), layer('bn', 4), layer('pool', 5)],
    [
      { path: 'conv', at: site(9, 20, 30) },
      { path: 'bn', at: site(9, 15, 31) },
      { path: 'pool', at: site(9, 10, 32), output: tensor(1, 1) },
    ],
  );
  expect(
    annotate(capture, file, sourceDrift('', ''))
      .filter((one) => one.role === 'call')
      .map(lineText),
  ).toEqual(['conv, bn -> [1, 2], pool -> [1, 1]']);
});

test('a call that raised says so', () => {
  check(captureOf([layer('fc', 3)], [{ path: 'fc', at: site(9), output: null }]), {
    'definition 3': '[1, 4] -> failed',
    'call 9': '[1, 4] -> failed',
  });
});

test('a container on one line speaks for its items', () => {
  const modules = [layer('mlp', 3), layer('mlp.0', 3), layer('mlp.1', 3)];
  const made = [
    { path: 'mlp', at: site(9), output: tensor(1, 5) },
    { path: 'mlp.0', at: site(9), through: 'mlp' },
    { path: 'mlp.1', at: site(9), through: 'mlp' },
  ];
  check(captureOf(modules, made), { 'definition 3': '[1, 4] -> [1, 5]', 'call 9': '[1, 4] -> [1, 5]' });
});

test('a layer that was never called is not silent', () => {
  check(captureOf([layer('fc', 3)], [], { uncalled: [{ path: 'fc', reason: 'never called in this run' }] }), {
    'definition 3': 'not called',
  });
});

test('a container without a forward of its own speaks for the items of its line, or is silent', () => {
  const uncalled = [{ path: 'blocks', reason: 'a container' }];
  const made = [{ path: 'blocks.0' }, { path: 'blocks.1' }];
  const onOneLine = [layer('blocks', 3), layer('blocks.0', 3), layer('blocks.1', 3)];
  check(captureOf(onOneLine, made, { uncalled }), { 'definition 3': '[1, 4] -> [1, 2] x2' });
  const apart = [layer('blocks', 3), layer('blocks.0', 5), layer('blocks.1', 5)];
  check(captureOf(apart, made, { uncalled }), { 'definition 3': '', 'definition 5': '[1, 4] -> [1, 2] x2' });
});

test('a line stands for all instances of the run, called or not', () => {
  function instances(paths: string[], called: string[]): string[] {
    const uncalled = paths.filter((path) => !called.includes(path)).map((path) => ({ path, reason: 'never' }));
    const capture = captureOf(
      paths.map((path) => layer(path, 3)),
      called.map((path) => ({ path })),
      { uncalled },
    );
    return annotate(capture, file, sourceDrift('', '')).flatMap((one) =>
      one.instances.flatMap(({ paths: all }) => all),
    );
  }
  expect(instances(['a.fc', 'b.fc', 'c.fc'], ['b.fc'])).toEqual(['a.fc', 'b.fc', 'c.fc']);
  expect(instances(['blocks', 'blocks.0', 'blocks.1', 'blocks.2'], ['blocks.0', 'blocks.1'])).toEqual([
    ...['blocks.0', 'blocks.1', 'blocks.2'],
  ]);
  expect(instances(['a.mlp', 'a.mlp.0', 'b.mlp', 'b.mlp.0'], ['a.mlp', 'a.mlp.0'])).toEqual(['a.mlp', 'b.mlp']);
  expect(instances(['fc'], [])).toEqual(['fc']);
});

test('a line without a layer shows the value of its outermost function', () => {
  const operation = { file, line: 7, endLine: 7, endColumn: 40, path: '', variable: 'y' };
  const operations = [
    { ...operation, column: 9, endColumn: 20, name: 'transpose', order: 1, output: tensor(4, 1) },
    { ...operation, column: 9, name: 'reshape', order: 2, output: tensor(2, 2), wholeValue: true },
  ];
  check(captureOf([], [], { operations }), { 'operation 7': '-> [2, 2]' });
  const helped = operations.slice(0, 1);
  check(captureOf([], [], { operations: helped }), { 'operation 7': '' });
});

test('a function around a layer that changes its shape has the last word', () => {
  const cat = {
    file,
    line: 9,
    endLine: 9,
    column: 5,
    endColumn: 40,
    name: 'cat',
    variable: 'f',
    path: '',
    order: 9,
    output: tensor(1, 6),
    wholeValue: true,
  };
  const made = [{ path: 'fc', at: site(9, 15, 25), inside: true }];
  check(captureOf([layer('fc', 3)], made, { operations: [cat] }), {
    'definition 3': '[1, 4] -> [1, 2]',
    'call 9': 'fc -> [1, 2], cat -> [1, 6]',
  });
  const relu = { ...cat, name: 'relu', output: tensor(1, 2) };
  check(captureOf([layer('fc', 3)], made, { operations: [relu] }), {
    'definition 3': '[1, 4] -> [1, 2]',
    'call 9': '[1, 4] -> [1, 2]',
  });
  const { wholeValue: _, ...part } = cat;
  const inside = { ...part, column: 18, endColumn: 24 };
  check(captureOf([layer('fc', 3)], [{ path: 'fc', at: site(9, 15, 25) }], { operations: [inside] }), {
    'definition 3': '[1, 4] -> [1, 2]',
    'call 9': '[1, 4] -> [1, 2]',
  });
});

test('a layer inside a line is named, for its shape is not that of the line', () => {
  const inside = captureOf([layer('fc', 3)], [{ path: 'fc', at: site(9, 15, 25), inside: true }]);
  check(inside, { 'definition 3': '[1, 4] -> [1, 2]', 'call 9': 'fc -> [1, 2]' });
  const calls = annotate(inside, file, sourceDrift('', '')).filter((one) => one.role === 'call');
  expect(calls.map(namedLineText)).toEqual(['fc -> [1, 2]']);
});

test('layers and functions of a line stand in the order in which they ran', () => {
  const relu = { ...site(9, 10, 30), name: 'relu', variable: null, path: '', order: 1, output: tensor(1, 5) };
  const capture = captureOf(
    [layer('enc', 3), layer('head', 4)],
    [
      { path: 'enc', at: site(9, 10, 20), inside: true },
      { path: 'head', at: site(9, 5, 35), output: tensor(1, 3) },
    ],
    { operations: [relu] },
  );
  // The function runs between the two layers.
  const calls = capture.calls.map((call) => ({ ...call, order: call.order * 2 }));
  check(
    { ...capture, calls },
    {
      'definition 3': '[1, 4] -> [1, 2]',
      'definition 4': '[1, 4] -> [1, 3]',
      'call 9': 'enc -> [1, 2], relu -> [1, 5], head -> [1, 3]',
    },
  );
});

test('where no lens stands above, the line names its layer', () => {
  const capture = captureOf(
    [layer('blocks.0.fc', 3), layer('blocks.1.fc', 3)],
    [{ path: 'blocks.0.fc' }, { path: 'blocks.1.fc' }],
  );
  expect(annotate(capture, file, sourceDrift('', '')).map(namedLineText)).toEqual([
    '[1, 4] -> blocks.{0,1}.fc -> [1, 2] x2',
  ]);
});
