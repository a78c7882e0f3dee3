import { byId } from "../page/element.js";
import { toast } from "../page/toast.js";
import { Controls } from "./controls.js";
import { openPlayer } from "./players.js";
import { titleOf } from "./source.js";
import { StageNote } from "./stage-note.js";
import { StageRest } from "./stage-rest.js";
import { anchor, correct, positionAt, replaces } from "./sync.js";

/**
 * What is watched in a room, by everybody at the same place.
 *
 * @typedef {import("./sync.js").Playback} Playback
 *
 * @typedef {object} WatchRoom
 * @property {import("../parlor.js").Parlor} parlor
 * @property {import("../client/channel.js").Channel} channel
 * @property {import("../rooms/layout.js").Layout} layout
 * @property {() => boolean} mayCommand
 * @property {() => boolean} mayQueue
 * @property {() => string} hostName
 * @property {() => void} onInvite
 */

/** How often the player is compared with where it should be, in milliseconds. */
const COMPARED_EVERY = 500;
/** How often the clock is compared with the server's while something plays. */
const CLOCK_EVERY = 30_000;
/** How often it is noted how far one has come. */
const NOTED_EVERY = 15_000;

export class Watch {
  /** @type {WatchRoom} */ #room;
  /** @type {Playback | null} */ #state = null;
  /** @type {Record<string, any> | null} */ #item = null;
  /** @type {any[]} */ #queue = [];
  /** @type {ReturnType<typeof openPlayer>} */ #player = null;
  /** @type {Controls} */ #controls;
  /** @type {StageRest} */ #rest;
  #note = new StageNote(byId("stage-note"));
  /** The version whose start others wait for. @type {number | null} */ #awaited = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #start;
  #clockAt = 0;
  #notedAt = 0;
  #shownRights = "";

  /** @param {WatchRoom} room */
  constructor(room) {
    this.#room = room;
    this.#controls = new Controls(byId("controls"), {
      onPlay: (isPlaying) => this.#command(isPlaying ? "PLAY" : "PAUSE"),
      onSeek: (seconds) => this.#say({ type: "SEEK", time: seconds }),
      onRate: (rate) => this.#say({ type: "SET_RATE", rate }),
      onNext: () => this.#say({ type: "QUEUE_NEXT" }),
      onStop: () => room.layout.show("queue"),
      onVolume: (volume) => this.#setVolume(volume),
      onFull: () => this.#fullScreen(),
    });
    this.#rest = new StageRest({ empty: byId("stage-empty"), queue: byId("queue-body") }, {
      token: () => room.parlor.session.token,
      find: (words) => room.parlor.rooms.watchable(words),
      say: (frame) => this.#say(frame),
      onInvite: room.onInvite,
    });
    this.#listen();
    this.#showRest();
    setInterval(() => this.#compare(), COMPARED_EVERY);
  }

  /** One's rights, or who is host, have changed. */
  rightsChanged() {
    const rights = `${this.#room.mayCommand()} ${this.#room.mayQueue()} ${this.#room.hostName()}`;
    if (rights === this.#shownRights) return;
    this.#shownRights = rights;
    this.#showRest();
  }

  /** @param {Record<string, any>} details */
  detailsChanged(details) {
    if (details.item !== undefined && details.item?.id !== this.#item?.id) this.#load(details.item);
    this.rightsChanged();
  }

  #listen() {
    const { channel } = this.#room;
    /** @param {string} name @param {(detail: any) => void} run */
    const on = (name, run) => channel.addEventListener(name, (event) => run(/** @type {CustomEvent} */ (event).detail));
    on("playback", (state) => this.#stateIs(state));
    on("correction", (frame) => this.#corrected(frame));
    on("media", ({ item }) => this.#load(item));
    on("queue", ({ queue }) => {
      this.#queue = queue ?? [];
      this.#showRest();
    });
    on("waiting", (frame) => this.#waitFor(frame));
    on("state", (state) => state.kind === "open" && this.#readQueue());
  }

  async #readQueue() {
    try {
      this.#queue = await this.#room.parlor.rooms.queue(this.#room.channel.code);
      this.#showRest();
    } catch {
      // A server without a queue has none to show.
    }
  }

  /** @param {Playback} state */
  #stateIs(state) {
    if (!replaces(this.#state, state)) return;
    this.#state = state;
    if (!state.waiting) this.#awaited = null;
    this.#controls.state(state.is_playing, state.rate ?? 1);
    if (state.item && state.item !== this.#item?.id) this.#readItem();
    if (!state.waiting) this.#note.say("");
    this.#follow();
  }

  /** The state names an item that has not been told of. */
  async #readItem() {
    const { item } = await this.#room.parlor.rooms.details(this.#room.channel.code).catch(() => ({ item: null }));
    if (item) this.#load(item);
  }

  /** @param {any} frame */
  #corrected({ time, is_playing: isPlaying, version, server_time: serverTime }) {
    if (!this.#state || version < this.#state.version) return;
    this.#state = { ...this.#state, time, is_playing: isPlaying, version, server_time: serverTime, starts_at: null };
    this.#follow();
  }

  /** @param {Record<string, any> | null} item */
  #load(item) {
    if (item?.id === this.#item?.id) return;
    this.#item = item;
    this.#player?.close();
    this.#player = null;
    if (item) this.#open(item);
    this.#room.layout.stage(item !== null);
    this.#controls.title = titleOf(/** @type {any} */ (item));
    this.#showRest();
    this.#follow();
  }

  /** @param {Record<string, any>} item */
  #open(item) {
    const player = openPlayer(item, byId("screen"), this.#room.parlor.session.token);
    if (!player) return this.#note.say("This can't be played on this page.");
    this.#player = player;
    this.#note.say("");
    player.addEventListener("ready", () => this.#ready());
    player.addEventListener("ended", () => this.#ended());
    player.addEventListener("blocked", () => this.#note.offerSound(() => this.#player?.volume(1)));
    player.addEventListener("problem", (event) => this.#note.say(/** @type {CustomEvent} */ (event).detail));
    player.addEventListener("progress", () => this.#showPosition());
  }

  #ready() {
    byId("screen").classList.toggle("sound-only", this.#player?.hasPicture === false);
    if (this.#awaited !== null) this.#say({ type: "READY", version: this.#awaited });
    this.#awaited = null;
    this.#follow();
  }

  /** The end of what the host sees is the next one's beginning, for everybody. */
  #ended() {
    if (this.#room.mayCommand()) this.#tellPlayer("ended");
  }

  /** @param {{version: number, users: {name: string}[], count: number}} frame */
  #waitFor({ version, users, count }) {
    this.#awaited = version;
    if (this.#player?.isReady) this.#ready();
    const names = users.slice(0, 3).map(({ name }) => name).join(", ");
    this.#note.say(count > 0 ? `Waiting for ${names}${count > 3 ? " and others" : ""}…` : "");
  }

  /** Does what the state says, at the moment that it says. */
  #follow() {
    const [state, player] = [this.#state, this.#player];
    clearTimeout(this.#start);
    if (!state || !player) return;
    const now = this.#serverNow();
    const wait = state.is_playing && !state.waiting ? anchor(state) - now : 0;
    player.rate(state.rate ?? 1);
    if (wait > 20) {
      player.pause();
      player.seek(state.time);
      this.#start = setTimeout(() => this.#follow(), wait);
    } else if (state.is_playing && !state.waiting) {
      if (!this.#isPastEnd(positionAt(state, now))) {
        this.#compare();
        if (!player.isPlaying) player.play();
      }
    } else {
      player.pause();
      player.seek(state.time);
    }
    this.#showPosition();
  }

  /** @param {number} position */
  #isPastEnd(position) {
    return this.#player !== null && this.#player.duration > 0 && position >= this.#player.duration;
  }

  /** Where the player differs from where everybody should be, it catches up. */
  #compare() {
    const [state, player] = [this.#state, this.#player];
    if (!state || !player || !player.isReady || !state.is_playing || state.waiting) return this.#showPosition();
    const now = this.#serverNow();
    const wanted = positionAt(state, now);
    if (anchor(state) > now || this.#isPastEnd(wanted)) return this.#showPosition();
    const change = correct(wanted, player.position, state.rate ?? 1, player.canNudge);
    if ("seek" in change) player.seek(change.seek);
    else player.rate(change.rate);
    if (!player.isPlaying && !player.isEnded) player.play();
    this.#keepClock(now);
    this.#showPosition();
  }

  /** @param {number} now */
  #keepClock(now) {
    if (now - this.#clockAt > CLOCK_EVERY) {
      this.#clockAt = now;
      for (const wait of [0, 300, 600]) setTimeout(() => this.#room.channel.askTime(), wait);
    }
    if (now - this.#notedAt > NOTED_EVERY) {
      this.#notedAt = now;
      this.#tellPlayer("timeupdate");
    }
  }

  /** @param {string} name */
  #tellPlayer(name) {
    const player = this.#player;
    if (!player || !this.#item) return;
    const { position: currentTime, duration } = player;
    const progress = duration > 0 ? (currentTime / duration) * 100 : 0;
    this.#say({ type: "PLAYER_EVENT", item: this.#item.id, data: { event: name, currentTime, duration, progress } }, true);
  }

  #showPosition() {
    const [state, player] = [this.#state, this.#player];
    if (!state || !player) return;
    const wanted = positionAt(state, this.#serverNow());
    const isCompared = state.is_playing && !state.waiting && player.isPlaying;
    this.#controls.at(player.isReady ? player.position : wanted, player.duration, isCompared ? player.position - wanted : null);
  }

  #serverNow() {
    return this.#room.channel.clock.at(Date.now());
  }

  /** @param {"PLAY" | "PAUSE"} type */
  #command(type) {
    const player = this.#player;
    const isAtEnd = player !== null && player.duration > 0 && player.position >= player.duration - 0.2;
    const position = player?.isReady ? player.position : this.#state ? positionAt(this.#state, this.#serverNow()) : 0;
    this.#say({ type, time: type === "PLAY" && isAtEnd ? 0 : position });
  }

  /** @param {object} frame @param {boolean} [isQuiet] */
  #say(frame, isQuiet = false) {
    if (!this.#room.channel.say(frame) && !isQuiet) toast("There is no connection at the moment.");
  }

  /** @param {number} volume */
  #setVolume(volume) {
    this.#player?.volume(volume);
    if (volume > 0) this.#note.withdrawOffer();
  }

  #fullScreen() {
    if (document.fullscreenElement) document.exitFullscreen();
    else byId("stage").requestFullscreen?.().catch(() => toast("The browser doesn't allow that here."));
  }

  /** What stands where nothing is watched, and what is watched next. */
  #showRest() {
    const mayCommand = this.#room.mayCommand();
    this.#controls.rights(mayCommand, this.#queue.length > 0);
    byId("controls").hidden = this.#item === null;
    this.#rest.show({ isOn: this.#item !== null, queue: this.#queue, mayCommand, mayQueue: this.#room.mayQueue(), hostName: this.#room.hostName() });
  }
}
