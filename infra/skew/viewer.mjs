// A viewer: the page's own module, and around it what the page does with its decisions (static/watch/watch.js).

import { Follower, ServerClock } from "../../static/watch/clock.js";
import { Chance } from "./chance.mjs";
import { DeviceClock, Player } from "./device.mjs";
import { NaiveViewer } from "./naive.mjs";
import { Path } from "./network.mjs";

/** As in the page, in milliseconds by the device's clock. */
const COMPARED_EVERY = 500;
const CLOCK_EVERY = 20_000;
const BURST = [0, 300, 600];

export class Viewer {
  #agenda;
  #say;
  #clock = new ServerClock();
  #follower = new Follower(this.#clock);
  #pings = new Map();
  #pinged = 0;
  #clockAt = -Infinity;
  /** The start that is planned. */
  #start = null;
  /** Since when it has known where the room is; Infinity: it doesn't yet. */
  greetedAt = Infinity;

  /** @param {string} name @param {number} seed @param {import("./agenda.mjs").Agenda} agenda @param {(text: string) => void} say */
  constructor(name, seed, agenda, say) {
    const chance = new Chance(seed, name);
    this.name = name;
    this.#agenda = agenda;
    this.#say = say;
    this.path = new Path(chance);
    this.device = new DeviceClock(chance);
    const lateness = chance.between(50, 300);
    this.player = new Player(new Chance(seed, `${name} player`), this.device, lateness);
    this.naive = new NaiveViewer(agenda, new Player(new Chance(seed, `${name} naive`), this.device, lateness));
  }

  get #local() {
    return this.device.at(this.#agenda.now);
  }

  /** Its socket is open. */
  opened() {
    this.#askTime();
    this.#every(COMPARED_EVERY, () => this.#follow());
  }

  /** A frame has come. @param {any} frame */
  hear(frame) {
    if (frame.type === "pong") return this.#pong(frame);
    if (frame.type !== "PLAYBACK_STATE") return;
    if (frame.cause === "join") this.greetedAt = this.#agenda.now;
    this.naive.hear(frame);
    if (frame.cause === "join") this.#beginAnew();
    if (this.#follower.take(frame)) this.#follow();
  }

  #beginAnew() {
    const { state, headStart } = this.#follower;
    this.#follower = new Follower(this.#clock);
    this.#follower.headStart = headStart;
    if (state) this.#follower.take(state);
  }

  #follow() {
    const state = this.#follower.state;
    if (!state) return;
    const { now } = this.#agenda;
    const player = this.player;
    if (state.is_playing && !player.isPlaying && this.#start === null) this.#beginAnew();
    const action = this.#follower.next(this.#local, { time: player.position(now), isPlaying: player.isPlaying });
    switch (action.kind) {
      case "pause":
        this.#start = null;
        player.pause(now);
        player.seek(now, action.time);
        break;
      case "start": this.#begin(action.time, action.at - this.#local, state.rate); break;
      case "seek": player.seek(now, action.time); break;
      case "rate": player.rate(now, action.rate); break;
    }
    if (state.is_playing) this.#keepClock();
  }

  #begin(seconds, wait, rate) {
    const { now } = this.#agenda;
    if (wait > 20) this.player.pause(now);
    this.player.seek(now, seconds);
    this.player.rate(now, rate);
    const start = this.#agenda.plan(now + this.device.span(Math.max(0, wait)), () => {
      if (this.#start !== start) return;
      this.#start = null;
      this.player.play(this.#agenda.now);
    });
    this.#start = start;
  }

  #keepClock() {
    if (this.#local - this.#clockAt <= CLOCK_EVERY) return;
    this.#clockAt = this.#local;
    this.#askTime();
    const check = this.#follower.check(this.#local, this.player.position(this.#agenda.now));
    if (check) this.#say(JSON.stringify(check));
  }

  #askTime() {
    for (const wait of BURST) this.#agenda.plan(this.#agenda.now + this.device.span(wait), () => this.#ping());
  }

  #ping() {
    const timestamp = `${this.name}-${(this.#pinged += 1)}`;
    this.#pings.set(timestamp, this.#local);
    if (!this.path.losesPing) this.#say(JSON.stringify({ type: "ping", timestamp }));
  }

  #pong(frame) {
    this.#clock.sample(this.#pings.get(frame.timestamp), this.#local, frame);
    this.#pings.delete(frame.timestamp);
  }

  #every(span, run) {
    this.#agenda.plan(this.#agenda.now + this.device.span(span), () => {
      run();
      this.#every(span, run);
    });
  }
}
