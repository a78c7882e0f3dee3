/**
 * What a page tells the server of its player while something is watched, and what it asks: the time, where the player is, how far its
 * viewer has come.
 *
 * @typedef {{position: number, duration: number}} Reported
 */

/** How often the clock is compared with the server's while something plays, in milliseconds. */
const CLOCK_EVERY = 20_000;
/** How often it is noted how far one has come. */
const NOTED_EVERY = 15_000;

export class Reports {
  #channel;
  #clockAt = 0;
  #notedAt = 0;

  /** @param {Pick<import("../client/channel.js").Channel, "say" | "askTime">} channel */
  constructor(channel) {
    this.#channel = channel;
  }

  /** More than once: the quickest answers tell the time. */
  askTime() {
    for (const wait of [0, 300, 600]) setTimeout(() => this.#channel.askTime(), wait);
  }

  /**
   * What is due while it plays.
   * @param {number} now  our clock
   * @param {import("./clock.js").Follower} follower
   * @param {Reported} player
   * @param {string | undefined} item
   */
  playing(now, follower, player, item) {
    if (now - this.#clockAt > CLOCK_EVERY) {
      this.#clockAt = now;
      this.askTime();
      const check = follower.check(now, player.position);
      if (check) this.#channel.say(check);
    }
    if (now - this.#notedAt > NOTED_EVERY) {
      this.#notedAt = now;
      this.happened("timeupdate", player, item);
    }
  }

  /** @param {string} event @param {Reported} player @param {string | undefined} item */
  happened(event, { position: currentTime, duration }, item) {
    if (item === undefined) return;
    const progress = duration > 0 ? (currentTime / duration) * 100 : 0;
    this.#channel.say({ type: "PLAYER_EVENT", item, data: { event, currentTime, duration, progress } });
  }
}
