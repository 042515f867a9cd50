/** `npm run build`. */

import { buildAll } from './build/buildAll.mjs';

await buildAll();
