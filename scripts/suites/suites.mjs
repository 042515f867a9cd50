/** All suites in the order of a whole run, cheap ones first. */

import { buildAll } from '../build/buildAll.mjs';
import { packageVsix } from '../build/package.mjs';
import { chromium } from '../setup/chromium.mjs';
import { codeServer } from '../setup/codeServer.mjs';
import { python } from '../setup/python.mjs';
import { treeSitter } from '../setup/treeSitter.mjs';
import { runChecks } from './check.mjs';
import { runExtension } from './extension.mjs';
import { runPytest } from './pytest.mjs';
import { runVitest } from './vitest.mjs';

/**
 * @typedef {object} Suite
 * @property {(() => Promise<unknown>)[]} needs done before it, once for all suites of a run
 * @property {() => Promise<import('./counts.mjs').Counts>} run
 */

/** @type {Record<string, Suite>} */
export const suites = {
  check: { needs: [python], run: runChecks },
  unit: { needs: [python, treeSitter], run: () => runVitest('unit') },
  python: { needs: [python], run: runPytest },
  lsp: { needs: [python, buildAll], run: () => runVitest('lsp') },
  extension: { needs: [python, codeServer, chromium, buildAll], run: runExtension },
  ui: { needs: [python, codeServer, chromium, buildAll, packageVsix], run: () => runVitest('ui') },
};
