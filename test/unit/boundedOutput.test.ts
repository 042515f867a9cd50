/** What a model prints reaches the editor whole where it is short, and as head and tail where it is long. */

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { BoundedOutput } from '../../server/src/capture/boundedOutput';

const KILOBYTE = 1024;
const LEFT_OUT = /\n\[Layer Peek left out ([\d,]+) bytes of output here\]\n/;

let shown: string[];
let output: BoundedOutput;
beforeEach(() => {
  vi.useFakeTimers();
  shown = [];
  output = new BoundedOutput((text) => shown.push(text));
});
afterEach(() => vi.useRealTimers());

const text = (): string => shown.join('');
const print = (what: string): void => output.write(Buffer.from(what));

test('what is short is shown at once', () => {
  output.begin();
  print('one ');
  print('two');
  expect(text()).toBe('one two');
});

test('a character that comes in two pieces is whole', () => {
  output.begin();
  const bytes = Buffer.from('ü漢🙂');
  for (const byte of bytes) {
    output.write(Buffer.from([byte]));
  }
  expect(text()).toBe('ü漢🙂');
});

describe('what is long', () => {
  const lines = (count: number, from = 0): string =>
    Array.from({ length: count }, (_, index) => `line ${from + index}\n`).join('');

  test.each([1, 100, 5000])('in pieces of %i lines: head, how much is left out, tail', (piece) => {
    output.begin();
    const count = 200_000;
    for (let index = 0; index < count; index += piece) {
      print(lines(Math.min(piece, count - index), index));
    }
    output.end();
    vi.runAllTimers();
    const [head, leftOut, tail] = text().split(LEFT_OUT);
    const whole = lines(count);
    expect(whole.startsWith(head ?? '?')).toBe(true);
    expect(whole.endsWith(tail ?? '?')).toBe(true);
    expect(head?.length).toBe(256 * KILOBYTE);
    expect(tail?.length).toBe(64 * KILOBYTE);
    expect(Number(leftOut?.replaceAll(',', ''))).toBe(whole.length - (256 + 64) * KILOBYTE);
  });

  test('nothing is left out that fits into both', () => {
    output.begin();
    const whole = 'x'.repeat(300 * KILOBYTE);
    print(whole);
    output.end();
    vi.runAllTimers();
    expect(text()).toBe(whole);
  });

  test('its end may come after the answer', () => {
    output.begin();
    print('x'.repeat(300 * KILOBYTE));
    output.end();
    vi.advanceTimersByTime(50);
    print('last');
    vi.runAllTimers();
    expect(text().endsWith('xlast')).toBe(true);
  });

  test('a thread that prints on is shown no more until the next run, which has its own room', () => {
    output.begin();
    print('x'.repeat(300 * KILOBYTE));
    output.end();
    vi.runAllTimers();
    shown = [];
    print('y'.repeat(300 * KILOBYTE));
    vi.runAllTimers();
    expect(text()).toBe('');
    output.begin();
    expect(text()).toMatch(LEFT_OUT);
    print('next run');
    expect(text().endsWith('next run')).toBe(true);
  });
});
