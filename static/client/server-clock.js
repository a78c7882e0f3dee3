/**
 * What time it is on the server, by the pong with the shortest way there and back: its half is the best guess at one way.
 */
export class ServerClock {
  #offset = 0;
  #roundTrip = Infinity;

  /**
   * @param {number} sentAt  when the ping went, by our clock, in milliseconds
   * @param {number} receivedAt  when its pong came
   * @param {number} serverTime  what the server's clock said
   */
  sample(sentAt, receivedAt, serverTime) {
    const roundTrip = receivedAt - sentAt;
    if (roundTrip < 0 || !Number.isFinite(serverTime)) return;
    // Clocks drift: an old good sample gives way to a new one that is nearly as good.
    this.#roundTrip *= 1.05;
    if (roundTrip > this.#roundTrip) return;
    this.#roundTrip = roundTrip;
    this.#offset = serverTime - (sentAt + receivedAt) / 2;
  }

  /** Half of this is the most that we may be wrong by, in milliseconds. */
  get roundTrip() {
    return this.#roundTrip;
  }

  /** Milliseconds that the server is ahead of us. */
  get offset() {
    return this.#offset;
  }

  /** @param {number} now  ours @returns {number} the server's */
  at(now) {
    return now + this.#offset;
  }
}
