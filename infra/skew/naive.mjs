// What a client does that knows no clock: it goes where it is told, as soon as it is told.

export class NaiveViewer {
  #agenda;
  #version = -1;

  /** @param {import("./agenda.mjs").Agenda} agenda @param {import("./device.mjs").Player} player */
  constructor(agenda, player) {
    this.#agenda = agenda;
    this.player = player;
  }

  /** @param {{is_playing: boolean, time: number, version: number, rate: number}} state */
  hear({ is_playing, time, version, rate }) {
    if (version < this.#version) return;
    this.#version = version;
    const { now } = this.#agenda;
    this.player.rate(now, rate);
    this.player.seek(now, time);
    if (is_playing) this.player.play(now);
    else this.player.pause(now);
  }
}
