/** `npm run screenshots`: takes the README's pictures from the real editor with the packaged extension. */

import { buildAll } from './build/buildAll.mjs';
import { packageVsix } from './build/package.mjs';
import { takePictures } from './screenshots/takePictures.mjs';
import { python } from './setup/python.mjs';

const interpreter = await python();
await buildAll();
await packageVsix();
await takePictures(interpreter);
