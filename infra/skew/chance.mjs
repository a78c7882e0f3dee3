// Chance that repeats itself: the same seed and name give the same numbers in every run.

export class Chance {
  #state;

  /** @param {number} seed @param {string} name  whose chance it is: nobody's numbers depend on how many others have drawn */
  constructor(seed, name) {
    this.#state = seed >>> 0;
    for (const letter of name) this.#state = Math.imul(this.#state ^ letter.charCodeAt(0), 0x01000193) >>> 0;
  }

  /** From 0 to 1. */
  next() {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** @param {number} from @param {number} to */
  between(from, to) {
    return from + (to - from) * this.next();
  }

  /** As many of the small as of the large. @param {number} from @param {number} to */
  scaled(from, to) {
    return from * (to / from) ** this.next();
  }

  /** Mostly little, seldom much. @param {number} mean */
  burst(mean) {
    return -mean * Math.log(1 - this.next());
  }
}
