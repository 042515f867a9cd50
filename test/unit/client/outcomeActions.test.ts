import { describe, expect, test } from 'vitest';
import { isShownInEditor, offersFor } from '../../../client/src/outcomeActions';
import type { CaptureOutcome } from '../../../server/src/protocol/clientMessages';

const place = { start: { line: 3, character: 0 }, end: { line: 3, character: 9 } };
const location = { uri: 'file:///m.py', range: place };
const directive = {
  uri: 'file:///m.py',
  position: place.start,
  text: '# peek: M()()\n',
  selection: { start: 8, end: 13 },
};

function failed(errorKind: string, parts: Partial<CaptureOutcome> = {}): CaptureOutcome {
  return { status: 'failed', message: 'It failed.', errorKind, location: null, directive: null, ...parts };
}

describe('the buttons under a failed capture', () => {
  function check(outcome: CaptureOutcome, expected: string[]): void {
    expect(offersFor(outcome).map((offer) => offer.label)).toEqual(expected);
  }

  test('no torch', () => check(failed('noTorch'), ['Choose Interpreter', 'Show Output']));
  test('no Python', () => check(failed('noPython'), ['Choose Interpreter', 'Show Output']));
  test('Restricted Mode', () => check(failed('untrusted'), ['Manage Workspace Trust', 'Show Output']));
  test('no recipe', () => check(failed('noRecipe', { directive }), ['Add Recipe', 'Show Output']));
  test('a recipe that raises', () =>
    check(failed('recipe', { directive, location }), ['Show Line', 'Edit Recipe', 'Show Output']));
  test('a forward that raises', () => check(failed('forward', { location }), ['Show Line', 'Show Output']));
  test('a helper that died', () => check(failed('died'), ['Show Output']));
});

test('only a failure that stands on a line of the editor is a mere warning', () => {
  expect(isShownInEditor(failed('forward', { location }))).toBe(true);
  expect(isShownInEditor(failed('forward'))).toBe(false);
  expect(isShownInEditor(failed('import', { location }))).toBe(false);
});
