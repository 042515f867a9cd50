/** The checks as a suite: each counts as one test. */

import { checks } from '../checks/checks.mjs';
import { say } from '../setup/step.mjs';

/** @returns {Promise<import('./counts.mjs').Counts>} */
export async function runChecks() {
  let failed = 0;
  for (const { name, problems } of checks) {
    const found = await problems();
    say(`${found ? 'FAILED' : 'ok    '} ${name}`);
    if (!found) continue;
    failed += 1;
    console.log(found.trim());
  }
  return { passed: checks.length - failed, failed, skipped: 0 };
}
