// How far viewers are apart, from moment to moment.

const PARTS = [0.5, 0.95, 0.99];

/** Counts differences to a tenth of a millisecond, up to a minute. */
export class Differences {
  #counts = new Uint32Array(600_001);
  #total = 0;

  /** @param {number} seconds */
  add(seconds) {
    this.#counts[Math.min(600_000, Math.round(Math.abs(seconds) * 10_000))] += 1;
    this.#total += 1;
  }

  get total() {
    return this.#total;
  }

  /** The differences below which these parts of all are, in milliseconds. @param {number[]} parts */
  quantiles(parts = PARTS) {
    let [seen, at] = [0, -1];
    return parts.map((part) => {
      while (seen < part * this.#total) seen += this.#counts[(at += 1)];
      return at / 10;
    });
  }
}

/** The difference below which 95 % of all pairs are, in milliseconds. @param {number[]} positions */
export function spread(positions) {
  const differences = [];
  for (let one = 1; one < positions.length; one += 1) {
    for (let other = 0; other < one; other += 1) differences.push(Math.abs(positions[one] - positions[other]));
  }
  differences.sort((a, b) => a - b);
  return (differences[Math.ceil(differences.length * 0.95) - 1] ?? 0) * 1000;
}

/** How one way of watching fares: in steady state, and after each command. */
export class Record {
  steady = new Differences();
  /** Of each command: until when viewers were apart, from its moment on, in milliseconds. */
  recoveries = [];
  #limit;

  /** @param {number} limit  milliseconds */
  constructor(limit) {
    this.#limit = limit;
  }

  /** A command was given. @param {number} now */
  commanded(now) {
    this.recoveries.push({ at: now, took: 0 });
  }

  /** @param {number} now @param {number[]} positions @param {boolean} isSteady */
  see(now, positions, isSteady) {
    const last = this.recoveries.at(-1);
    if (last && spread(positions) > this.#limit) last.took = now - last.at;
    if (!isSteady) return;
    for (let one = 1; one < positions.length; one += 1) {
      for (let other = 0; other < one; other += 1) this.steady.add(positions[one] - positions[other]);
    }
  }

  get slowest() {
    return Math.max(...this.recoveries.map(({ took }) => took));
  }
}
