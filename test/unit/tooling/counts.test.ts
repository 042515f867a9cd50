/** The counts that `npm test` closes with: a runner that failed or ran nothing must not look green. */

import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import {
  type Counts,
  closingLine,
  countsOf,
  parseJunit,
  parseMocha,
  parseVitest,
  total,
} from '../../../scripts/suites/counts.mjs';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'layer-peek-counts-'));
afterAll(() => fs.rmSync(folder, { recursive: true }));

const counts = (passed: number, failed: number, skipped: number): Counts => ({ passed, failed, skipped });

describe('reports', () => {
  test('of vitest', () => {
    const report = { numPassedTests: 5, numFailedTests: 1, numPendingTests: 2, numTodoTests: 1 };
    expect(parseVitest(JSON.stringify(report))).toEqual(counts(5, 1, 3));
  });

  test('of vitest, where a file could not be loaded', () => {
    const testResults = [
      { status: 'failed', assertionResults: [] },
      { status: 'failed', assertionResults: [{ status: 'failed' }] },
      { status: 'passed', assertionResults: [{ status: 'passed' }] },
    ];
    const report = { numPassedTests: 1, numFailedTests: 1, numPendingTests: 0, numTodoTests: 0, testResults };
    expect(parseVitest(JSON.stringify(report))).toEqual(counts(1, 2, 0));
  });

  test('of mocha', () => {
    expect(parseMocha(JSON.stringify({ stats: { passes: 4, failures: 0, pending: 1 } }))).toEqual(counts(4, 0, 1));
  });

  test('of pytest, whose errors are failures', () => {
    const report =
      '<?xml version="1.0"?><testsuites><testsuite name="pytest" errors="1" failures="2" skipped="3" tests="10" time="1.0">';
    expect(parseJunit(report)).toEqual(counts(4, 3, 3));
  });

  test('without counts are an error', () => {
    expect(() => parseVitest('{}')).toThrow('no count');
    expect(() => parseMocha('{}')).toThrow('no count');
    expect(() => parseJunit('<html/>')).toThrow('no count');
  });
});

describe('a runner', () => {
  const check = (parsed: Counts | null, runnerFailed: boolean, expected: Counts) => {
    const file = path.join(folder, 'report.json');
    fs.rmSync(file, { force: true });
    if (parsed !== null) {
      fs.writeFileSync(
        file,
        JSON.stringify({ stats: { passes: parsed.passed, failures: parsed.failed, pending: parsed.skipped } }),
      );
    }
    expect(countsOf({ file, parse: parseMocha, runnerFailed })).toEqual(expected);
  };

  test('that ended well counts as it reports', () => check(counts(3, 0, 1), false, counts(3, 0, 1)));
  test('with a failing test is not counted twice', () => check(counts(3, 2, 0), true, counts(3, 2, 0)));
  test('that failed without a failing test is a failure', () => check(counts(3, 0, 0), true, counts(3, 1, 0)));
  test('that ran nothing is a failure', () => check(counts(0, 0, 4), false, counts(0, 1, 4)));
  test('that wrote no report is a failure', () => check(null, false, counts(0, 1, 0)));
});

test('the closing line names skipped tests only where there are some', () => {
  expect(closingLine(total([counts(1, 0, 0), counts(2, 1, 0)]))).toBe('3 passed, 1 failed');
  expect(closingLine(total([counts(1, 0, 2), counts(2, 0, 0)]))).toBe('3 passed, 0 failed, 2 skipped');
});
