/** Golden messages: this side of the protocol accepts and refuses the same ones as the Python side does. */

import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { type Definitions, ProtocolError, parseMessage } from '../../server/src/protocol/helperMessages';

const folder = path.join(__dirname, 'messages');
const names = [
  'Capture',
  'CaptureEnd',
  'CapturePart',
  'CaptureRequest',
  'Exited',
  'Progress',
  'Ready',
  'Started',
  'Statistics',
  'StatisticsRequest',
] as const satisfies readonly (keyof Definitions)[];
const golden = z.object({ definition: z.enum(names), valid: z.boolean(), message: z.unknown() });

const files = fs.readdirSync(folder).filter((name) => name.endsWith('.json'));

test('every message of the protocol has a golden one', () => {
  const seen = new Set(
    files.map((name) => golden.parse(JSON.parse(fs.readFileSync(path.join(folder, name), 'utf8'))).definition),
  );
  expect([...seen].sort()).toEqual([...names]);
});

test.each(files)('%s', (name) => {
  const { definition, valid, message } = golden.parse(JSON.parse(fs.readFileSync(path.join(folder, name), 'utf8')));
  if (valid) {
    expect(parseMessage(definition, message)).toEqual(message);
  } else {
    expect(() => parseMessage(definition, message)).toThrow(ProtocolError);
  }
});
