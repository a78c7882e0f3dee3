// A viewer's device: a clock that is wrong, and a player that is late.

/** When virtual time begins, in milliseconds since 1970: a moment in 2027. */
export const EPOCH = 1_800_000_000_000;

/** A clock that is off and drifts. */
export class DeviceClock {
  #offset;
  #speed;

  /** @param {import("./chance.mjs").Chance} chance */
  constructor(chance) {
    this.#offset = chance.between(-30_000, 30_000);
    this.#speed = 1 + chance.between(-100, 100) / 1e6;
  }

  /** What it shows at a moment. @param {number} now */
  at(now) {
    return EPOCH + now * this.#speed + this.#offset;
  }

  /** How much true time passes in so much of its own. @param {number} span */
  span(span) {
    return span / this.#speed;
  }
}

/** What browsers' players are like: told to play or to jump, they go on a while later, and say nothing of it. */
export class Player {
  #chance;
  #clock;
  #lateness;
  #position = 0;
  /** Since when the position has been advancing, by the device's clock. */
  #since = 0;
  #rate = 1;
  isPlaying = false;

  /** @param {import("./chance.mjs").Chance} chance @param {DeviceClock} clock @param {number} lateness  milliseconds */
  constructor(chance, clock, lateness) {
    this.#chance = chance;
    this.#clock = clock;
    this.#lateness = lateness;
  }

  position(now) {
    const passed = this.isPlaying ? Math.max(0, this.#clock.at(now) - this.#since) : 0;
    return this.#position + (passed / 1000) * this.#rate;
  }

  play(now) {
    if (this.isPlaying) return;
    this.isPlaying = true;
    this.#goOn(now);
  }

  pause(now) {
    this.#position = this.position(now);
    this.isPlaying = false;
  }

  seek(now, seconds) {
    if (Math.abs(this.position(now) - seconds) <= 0.005) return;
    this.#position = seconds;
    this.#goOn(now);
  }

  rate(now, rate) {
    if (Math.abs(rate - this.#rate) <= 0.001) return;
    const isUnderWay = this.#clock.at(now) >= this.#since;
    this.#position = this.position(now);
    if (isUnderWay) this.#since = this.#clock.at(now);
    this.#rate = rate;
  }

  #goOn(now) {
    this.#since = this.#clock.at(now) + this.#lateness * this.#chance.between(0.85, 1.15);
  }
}
