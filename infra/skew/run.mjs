// One evening in virtual time: the viewers, the network between them and the server, and what is seen of it.

import { Agenda } from "./agenda.mjs";
import { Chance } from "./chance.mjs";
import { Record } from "./measure.mjs";
import { arrivals, commands } from "./script.mjs";
import { Server } from "./server.mjs";
import { Viewer } from "./viewer.mjs";

/** So long after a command, and after somebody's arrival, everybody is to be together. In milliseconds, as all of it. */
export const BACK_WITHIN = 3_000;
/** How far apart 95 of 100 pairs of viewers may be then. */
export const APART = 80;
const LOOKED_EVERY = 100;
const FILM = { type: "SET_MEDIA", url: "https://example.org/film.mp4", title: "A film", duration: 7_200 };

export class Evening {
  #agenda = new Agenda();
  #server;
  #seed;
  /** @type {Map<string, Viewer>} */ #viewers = new Map();
  #commandedAt = -Infinity;
  #isPlaying = false;
  /** When the server is to be called again. */
  #wake = null;
  followed = new Record(APART);
  naive = new Record(APART);

  /** @param {string} program @param {number} seed */
  constructor(program, seed) {
    this.#server = new Server(program, seed);
    this.#seed = seed;
  }

  async run() {
    const chance = new Chance(this.#seed, "script");
    arrivals(chance).forEach((at, number) => this.#agenda.plan(at, () => this.#arrive(`viewer-${number}`)));
    this.#agenda.plan(11_000, () => this.#order(FILM));
    const script = commands(chance);
    for (const { at, command } of script) this.#agenda.plan(at, () => this.#command(command));
    this.#look();
    await this.#agenda.runUntil(script.at(-1).at + 30_000);
    await this.#server.stop();
    return this;
  }

  get #host() {
    return /** @type {Viewer} */ (this.#viewers.get("viewer-0"));
  }

  async #arrive(name) {
    const say = (/** @type {string} */ text) => {
      const arrives = viewer.path.up.arrival(this.#agenda.now);
      this.#agenda.plan(arrives, () => this.#call({ socket: name, text }));
    };
    const viewer = new Viewer(name, this.#seed, this.#agenda, say);
    this.#viewers.set(name, viewer);
    await this.#call({ socket: name });
    viewer.opened();
  }

  /** Where the host's player is then, as the page says it. */
  #command(command) {
    const time = command.time ?? this.#host.player.position(this.#agenda.now);
    return this.#order(command.type === "SET_RATE" ? command : { ...command, time });
  }

  #order(command) {
    const arrives = this.#host.path.up.arrival(this.#agenda.now);
    this.#agenda.plan(arrives, () => this.#obey(command));
  }

  async #obey(command) {
    const { now } = this.#agenda;
    if (command.type === "PLAY" || command.type === "PAUSE") this.#isPlaying = command.type === "PLAY";
    this.#commandedAt = now;
    for (const record of [this.followed, this.naive]) record.commanded(now);
    await this.#call({ socket: "viewer-0", text: JSON.stringify(command) });
  }

  async #call(happening) {
    const { frames, next } = await this.#server.call(this.#agenda.now, happening);
    for (const { socket, text } of frames) this.#deliver(socket, text);
    if (next === null || (this.#wake !== null && this.#wake <= next)) return;
    this.#wake = next;
    this.#agenda.plan(next, async () => {
      this.#wake = null;
      await this.#call({});
    });
  }

  #deliver(socket, text) {
    const viewer = /** @type {Viewer} */ (this.#viewers.get(socket));
    const frame = JSON.parse(text);
    if (frame.type === "ERROR") throw new Error(`${socket} was told ${text}`);
    const arrives = viewer.path.down.arrival(this.#agenda.now);
    if (frame.type === "pong" && viewer.path.losesPing) return;
    this.#agenda.plan(arrives, () => viewer.hear(frame));
  }

  #look() {
    const { now } = this.#agenda;
    const settled = [...this.#viewers.values()].filter(({ greetedAt }) => now - greetedAt >= BACK_WITHIN);
    const isSteady = this.#isPlaying && now - this.#commandedAt >= BACK_WITHIN;
    if (settled.length > 1) {
      this.followed.see(now, settled.map(({ player }) => player.position(now)), isSteady);
      this.naive.see(now, settled.map(({ naive }) => naive.player.position(now)), isSteady);
    }
    this.#agenda.plan(now + LOOKED_EVERY, () => this.#look());
  }
}
