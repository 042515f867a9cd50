/** A helper that is not what this server expects is refused, with words. */

import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { CaptureFailure } from '../../server/src/capture/errors';
import { Helper } from '../../server/src/capture/helper';
import { python } from './languageServer';
import { temporaryFolder } from './temporaryFolder';

/** Starts the Python text as if it were the helper's folder; gives the error. */
async function refusal(main: string): Promise<CaptureFailure> {
  const helperFolder = temporaryFolder();
  fs.writeFileSync(path.join(helperFolder, '__main__.py'), main);
  const options = { python, helperFolder, cwd: helperFolder, forks: false, onOutput: () => undefined };
  const failed = await Helper.start(options).then(
    () => null,
    (error: unknown) => error,
  );
  if (!(failed instanceof CaptureFailure)) {
    throw new Error('The helper was not refused.');
  }
  return failed;
}

function sends(params: string): string {
  return `
import json, sys, time
body = json.dumps({"jsonrpc": "2.0", "method": "ready", "params": ${params}})
sys.stdout.write(f"Content-Length: {len(body)}\\r\\n\\r\\n{body}")
sys.stdout.flush()
sys.stdin.read()
`;
}

test('another protocol version', async () => {
  const ready = `{"protocolVersion": 99, "pid": 1, "python": {"version": "3", "executable": "p"}, "torch": None, "forks": False, "problem": None}`;
  const { error } = await refusal(sends(ready));
  expect(error.kind).toBe('protocol');
  expect(error.message).toContain('speaks protocol 99, this server 1');
  expect(error.advice).toContain('reinstall');
});

test('a message that does not fit the schema', async () => {
  const { error } = await refusal(sends('{"protocolVersion": "one"}'));
  expect(error.kind).toBe('protocol');
  expect(error.message).toContain('does not fit the protocol');
});

test('a helper that dies while it starts tells what it said', async () => {
  const { error } = await refusal('raise SystemExit("no room on the device")');
  expect(error.kind).toBe('died');
  expect(error.message).toContain('exit code 1');
  expect(error.message).toContain('no room on the device');
});
