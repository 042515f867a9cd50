/** Checks every message of the helper against `python-helper/protocol.schema.json` on receipt. */

import Ajv, { type ValidateFunction } from 'ajv';
import schema from '../../../python-helper/protocol.schema.json';
import type {
  Capture,
  CaptureEnd,
  CapturePart,
  CaptureRequest,
  Exited,
  Progress,
  Ready,
  Started,
  Statistics,
  StatisticsRequest,
} from './helperMessages.generated';

/** The version this server speaks; the helper tells its own in `ready`. */
export const PROTOCOL_VERSION = 1;

export interface Definitions {
  Capture: Capture;
  CaptureEnd: CaptureEnd;
  CapturePart: CapturePart;
  CaptureRequest: CaptureRequest;
  Exited: Exited;
  Progress: Progress;
  Ready: Ready;
  Started: Started;
  Statistics: Statistics;
  StatisticsRequest: StatisticsRequest;
}

/** A message that does not fit the schema; the text says which part and why. */
export class ProtocolError extends Error {}

const ajv = new Ajv({ allErrors: false, strict: true, allowUnionTypes: true });
ajv.addSchema(schema);

const validators: { [Name in keyof Definitions]?: ValidateFunction<Definitions[Name]> } = {};

/** Compiled at first use: a server that only maps needs none. */
function validatorOf<Name extends keyof Definitions>(definition: Name): ValidateFunction<Definitions[Name]> {
  const known = validators[definition];
  if (known !== undefined) {
    return known;
  }
  const made = ajv.compile<Definitions[Name]>({ $ref: `layer-peek-protocol#/definitions/${definition}` });
  Object.assign(validators, { [definition]: made });
  return made;
}

/**
 * Gives `message` as the schema's `definition`.
 * @throws {ProtocolError} where it does not fit.
 */
export function parseMessage<Name extends keyof Definitions>(definition: Name, message: unknown): Definitions[Name] {
  const validate = validatorOf(definition);
  if (!validate(message)) {
    const problem = ajv.errorsText(validate.errors ?? null, { dataVar: definition });
    throw new ProtocolError(`The message ${definition} does not fit the protocol: ${problem}.`);
  }
  return message;
}
