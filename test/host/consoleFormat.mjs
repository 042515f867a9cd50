/** Prints what the tests' `console` was called with in the window, as Node would. */

import { format } from 'node:util';

/**
 * The line to print; `%c` is a browser's styling and takes its argument with it.
 * @param {unknown[]} args
 */
export function consoleLine(args) {
  const [first, ...rest] = args;
  if (typeof first !== 'string') return format(...args);
  let next = 0;
  const styles = new Set();
  for (const [directive] of first.matchAll(/%[sdifoOcj]/g)) {
    if (directive === '%c') styles.add(next);
    next += 1;
  }
  return format(first.replaceAll('%c', ''), ...rest.filter((_, index) => !styles.has(index)));
}
