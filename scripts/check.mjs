/** `npm run check`: all checks, each in one line; the problems below it. */

import { runChecks } from './suites/check.mjs';

const { failed } = await runChecks();
process.exitCode = failed > 0 ? 1 : 0;
