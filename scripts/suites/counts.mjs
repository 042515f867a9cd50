/** How many tests passed, failed and were skipped; each runner's report is read into this. */

import fs from 'node:fs';

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

/** @returns {Counts} */
export const none = () => ({ passed: 0, failed: 0, skipped: 0 });

/**
 * @param {Counts[]} all
 * @returns {Counts}
 */
export const total = (all) =>
  all.reduce(
    (sum, one) => ({
      passed: sum.passed + one.passed,
      failed: sum.failed + one.failed,
      skipped: sum.skipped + one.skipped,
    }),
    none(),
  );

/**
 * The line that ends a run.
 * @param {Counts} counts
 */
export const closingLine = ({ passed, failed, skipped }) =>
  `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;

/**
 * Reads a runner's report. A runner that wrote none, ran nothing, or failed without a failing test counts as one failure, so that
 * nothing is green by accident.
 * @param {{ file: string, parse: (text: string) => Counts, runnerFailed: boolean }} report
 * @returns {Counts}
 */
export function countsOf({ file, parse, runnerFailed }) {
  if (!fs.existsSync(file)) return { ...none(), failed: 1 };
  const counts = parse(fs.readFileSync(file, 'utf8'));
  const nothingRan = counts.passed + counts.failed === 0;
  return counts.failed === 0 && (runnerFailed || nothingRan) ? { ...counts, failed: 1 } : counts;
}

/**
 * Vitest's JSON report. A file that could not be loaded has no tests in it and counts as one failure.
 * @param {string} text
 * @returns {Counts}
 */
export function parseVitest(text) {
  const report = JSON.parse(text);
  /** @type {{ status: string, assertionResults: { status: string }[] }[]} */
  const files = report.testResults ?? [];
  const unloaded = files.filter(
    (file) => file.status === 'failed' && file.assertionResults.every(({ status }) => status !== 'failed'),
  );
  return {
    passed: whole(report.numPassedTests),
    failed: whole(report.numFailedTests) + unloaded.length,
    skipped: whole(report.numPendingTests) + whole(report.numTodoTests),
  };
}

/**
 * Mocha's JSON report.
 * @param {string} text
 * @returns {Counts}
 */
export function parseMocha(text) {
  const { stats } = JSON.parse(text);
  return { passed: whole(stats?.passes), failed: whole(stats?.failures), skipped: whole(stats?.pending) };
}

/**
 * The JUnit report of pytest.
 * @param {string} text
 * @returns {Counts}
 */
export function parseJunit(text) {
  const suite = /<testsuite\b[^>]*>/.exec(text)?.[0] ?? '';
  const attribute = (/** @type {string} */ name) => whole(Number(new RegExp(`\\b${name}="(\\d+)"`).exec(suite)?.[1]));
  const failed = attribute('failures') + attribute('errors');
  const skipped = attribute('skipped');
  return { passed: attribute('tests') - failed - skipped, failed, skipped };
}

/** @param {unknown} value */
function whole(value) {
  if (typeof value === 'number' && Number.isInteger(value)) return value;
  throw new Error(`A test report has no count where one was expected: ${value}`);
}
