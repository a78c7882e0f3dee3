/** A player's beginning, planned for the moment at which everybody begins. */
export class PlannedStart {
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #timer;

  get isPlanned() {
    return this.#timer !== undefined;
  }

  /**
   * @param {NonNullable<ReturnType<typeof import("./players.js").openPlayer>>} player
   * @param {{seconds: number, rate: number, wait: number}} start  from where, how fast, and in how many milliseconds
   */
  plan(player, { seconds, rate, wait }) {
    this.cancel();
    if (wait > 20) player.pause();
    player.seek(seconds);
    player.rate(rate);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      player.play();
    }, Math.max(0, wait));
  }

  cancel() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
