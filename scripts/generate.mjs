/** `npm run generate`: writes the protocol's types; with `--check` it only tells whether they are current. */

import { protocolTypesAreCurrent, writeProtocolTypes } from './build/protocolTypes.mjs';

if (process.argv.includes('--check')) {
  if (!(await protocolTypesAreCurrent())) {
    console.error('The protocol schema has changed: run `npm run generate` and commit the types.');
    process.exitCode = 1;
  }
} else {
  await writeProtocolTypes();
}
