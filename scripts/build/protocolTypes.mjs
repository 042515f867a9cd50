/** TypeScript types of the helper's messages, generated from the protocol's schema and committed. */

import fs from 'node:fs';
import { compileFromFile } from 'json-schema-to-typescript';
import { inRoot } from '../setup/paths.mjs';
import { readIfPresent } from '../setup/step.mjs';

const SCHEMA = inRoot('python-helper', 'protocol.schema.json');
const TYPES = inRoot('server', 'src', 'protocol', 'helperMessages.generated.ts');

/** @returns {Promise<string>} */
const generated = () =>
  compileFromFile(SCHEMA, {
    bannerComment: '/** Generated from python-helper/protocol.schema.json by `npm run generate`; do not edit. */',
    style: { singleQuote: true, printWidth: 120 },
  });

/** Whether the committed types are those of the committed schema. */
export const protocolTypesAreCurrent = async () => readIfPresent(TYPES) === (await generated());

/** Writes the types where they are not current, so that their time stamp tells of a change. */
export async function writeProtocolTypes() {
  const text = await generated();
  if (readIfPresent(TYPES) !== text) fs.writeFileSync(TYPES, text);
}
