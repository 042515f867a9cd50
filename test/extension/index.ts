/** Runs the suites beside this file with mocha, inside the extension host, and writes their counts for `npm test`. */

import fs from 'node:fs';
import path from 'node:path';
import Mocha from 'mocha';

/** What @vscode/test-electron calls; it rejects where a test failed. */
export async function run(): Promise<void> {
  const mocha = new Mocha({ ui: 'tdd', color: false, timeout: 90_000 });
  for (const name of fs.readdirSync(__dirname).filter((file) => file.endsWith('.test.js'))) {
    mocha.addFile(path.join(__dirname, name));
  }
  const failures = await new Promise<number>((resolve) => {
    const runner = mocha.run(resolve);
    const report = process.env.LAYER_PEEK_REPORT;
    runner.once('end', () => {
      if (report !== undefined) {
        fs.writeFileSync(report, JSON.stringify({ stats: runner.stats }));
      }
    });
  });
  if (failures > 0) {
    throw new Error(`${failures} extension ${failures === 1 ? 'test' : 'tests'} failed.`);
  }
}
