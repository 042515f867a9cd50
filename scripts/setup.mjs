/** `npm run setup`: everything that building, testing and the demo need. A second run finds it all and takes a second. */

import { chromium } from './setup/chromium.mjs';
import { codeServer } from './setup/codeServer.mjs';
import { python } from './setup/python.mjs';
import { say } from './setup/step.mjs';
import { treeSitter } from './setup/treeSitter.mjs';

await treeSitter();
const interpreter = await python();
const host = await codeServer();
const browser = await chromium();
say(`ready: Python ${interpreter}, embedded VS Code ${host.main}, browser ${browser}`);
