/** The demo in the embedded VS Code, for the user's own browser, until Ctrl-C. */

import { startHost } from '../../test/host/startHost.mjs';
import { examples, vsix } from '../setup/paths.mjs';
import { say } from '../setup/step.mjs';

/** @param {string} python */
export async function serveEmbedded(python) {
  say('demo: starting the embedded VS Code (there is no `code` on PATH)');
  const host = await startHost({ folder: examples, vsix, python });
  // Node ends when nothing is left to wait for; this waits for the user.
  const alive = setInterval(() => {}, 60_000);
  const end = async () => {
    clearInterval(alive);
    await host.stop();
  };
  process.once('SIGINT', end);
  process.once('SIGTERM', end);
  say('demo: open this address in a browser and click "Capture all outputs" above a class; Ctrl-C ends it');
  console.log(`\n  ${host.address('simple_model.py')}\n`);
}
