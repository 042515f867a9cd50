/**
 * `npm run demo`: sets up, builds, packages, and opens a VS Code with the extension on the examples: the desktop's where `code` is on
 * PATH, else the embedded one at a local address. With `-- --once` it captures the first example in the embedded one, prints what the
 * editor shows and ends.
 */

import { buildAll } from './build/buildAll.mjs';
import { packageVsix } from './build/package.mjs';
import { captureOnce } from './demo/captureOnce.mjs';
import { hasDesktop, openDesktop } from './demo/desktop.mjs';
import { serveEmbedded } from './demo/embedded.mjs';
import { python } from './setup/python.mjs';

const interpreter = await python();
await buildAll();
await packageVsix();

if (process.argv.includes('--once')) await captureOnce(interpreter);
else if (await hasDesktop()) await openDesktop(interpreter);
else await serveEmbedded(interpreter);
