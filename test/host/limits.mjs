/** Waiting with a limit: nothing in the tests waits without one, and what was waited for is named in the error. */

/** What was waited for did not come in time. */
export class LimitError extends Error {}

/**
 * Asks again and again until the answer is neither null, undefined nor false.
 * @template T
 * @param {string} what is waited for, for the error
 * @param {() => T | null | undefined | false | Promise<T | null | undefined | false>} probe
 * @param {number} limitMs
 * @returns {Promise<T>}
 * @throws {LimitError}
 */
export async function until(what, probe, limitMs) {
  const end = performance.now() + limitMs;
  for (;;) {
    const answer = await probe();
    if (answer !== null && answer !== undefined && answer !== false) return answer;
    if (performance.now() > end) throw new LimitError(`Waited ${limitMs / 1000} s for ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/**
 * @template T
 * @param {string} what is waited for, for the error
 * @param {Promise<T>} promise
 * @param {number} limitMs
 * @returns {Promise<T>}
 * @throws {LimitError}
 */
export async function within(what, promise, limitMs) {
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  const limit = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new LimitError(`Waited ${limitMs / 1000} s for ${what}.`)), limitMs);
  });
  try {
    return await /** @type {Promise<T>} */ (Promise.race([promise, limit]));
  } finally {
    clearTimeout(timer);
  }
}
