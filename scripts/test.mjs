/**
 * `npm test [-- suite ...]`: sets up and builds what the suites need, runs them all even where one fails, and closes with
 * `N passed, N failed`.
 */

import { say } from './setup/step.mjs';
import { closingLine, none, total } from './suites/counts.mjs';
import { suites } from './suites/suites.mjs';

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(name in suites));
if (unknown.length > 0)
  throw new Error(`There is no suite ${unknown.join(', ')}; there are ${Object.keys(suites).join(', ')}.`);
const chosen = Object.entries(suites).filter(([name]) => asked.length === 0 || asked.includes(name));

/** @type {Map<() => Promise<unknown>, Promise<unknown>>} */
const prepared = new Map();

/** @param {() => Promise<unknown>} need */
async function prepare(need) {
  const started = prepared.get(need) ?? need();
  prepared.set(need, started);
  await started;
}

/** @type {[string, import('./suites/counts.mjs').Counts, number][]} */
const results = [];
for (const [name, { needs, run }] of chosen) {
  const start = performance.now();
  let counts;
  try {
    for (const need of needs) await prepare(need);
    say(`suite ${name}`);
    counts = await run();
  } catch (error) {
    // A suite that can't run is a failure of its own; the others still tell what they can.
    console.error(error instanceof Error ? error.message : error);
    counts = { ...none(), failed: 1 };
  }
  results.push([name, counts, (performance.now() - start) / 1000]);
}

console.log();
for (const [name, counts, seconds] of results)
  console.log(`${name.padEnd(10)} ${closingLine(counts)} (${seconds.toFixed(0)} s)`);
const sum = total(results.map(([, counts]) => counts));
console.log(closingLine(sum));
process.exitCode = sum.failed > 0 ? 1 : 0;
