/** The first ceiling of the back-off, in milliseconds; it doubles with every failure. */
export const BACKOFF_BASE = 500;
/** No wait is longer than this. */
export const BACKOFF_CAP = 30_000;

/**
 * Exponential back-off with full jitter: anything between nothing and the ceiling, so that a thousand
 * clients of a restarted server don't come back in the same instant.
 * @param {number} attempt  how many attempts have failed in a row, from 1
 * @param {() => number} random
 */
export function backoff(attempt, random) {
  const ceiling = Math.min(BACKOFF_CAP, BACKOFF_BASE * 2 ** (attempt - 1));
  return Math.round(random() * ceiling);
}
