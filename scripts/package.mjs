/** `npm run package`: builds, then writes layer-peek.vsix. */

import { buildAll } from './build/buildAll.mjs';
import { packageVsix } from './build/package.mjs';

await buildAll();
await packageVsix();
