// The way of one viewer's messages to the server and back.

/** The shortest and the longest that a message takes one way, in milliseconds. */
export const [SHORTEST, LONGEST] = [5, 400];
/** Of pings and their answers, so many are lost. */
const LOST = 0.02;

/** One direction: messages arrive in the order in which they were sent, none sooner than the way is long. */
class Direction {
  #chance;
  #floor;
  #jitter;
  #last = 0;

  constructor(chance, floor, jitter) {
    this.#chance = chance;
    this.#floor = Math.max(SHORTEST, floor);
    this.#jitter = jitter;
  }

  /** When a message arrives that is sent now. */
  arrival(now) {
    const took = Math.min(LONGEST, this.#floor + this.#chance.burst(this.#jitter));
    this.#last = Math.max(this.#last + 0.001, now + took);
    return this.#last;
  }
}

export class Path {
  #chance;

  /** The two directions differ in length and in jitter. @param {import("./chance.mjs").Chance} chance */
  constructor(chance) {
    this.#chance = chance;
    const length = chance.scaled(SHORTEST, 200);
    this.up = new Direction(chance, length * chance.between(0.75, 1.25), chance.scaled(1, 100));
    this.down = new Direction(chance, length * chance.between(0.75, 1.25), chance.scaled(1, 100));
  }

  get losesPing() {
    return this.#chance.next() < LOST;
  }
}
