import { byId } from "../page/element.js";
import { tellIfItFails, toast } from "../page/toast.js";
import { t } from "../text/text.js";
import { Follower, positionAt } from "./clock.js";
import { Controls } from "./controls.js";
import { PlannedStart } from "./planned-start.js";
import { openPlayer } from "./players.js";
import { Reports } from "./reports.js";
import { titleOf } from "./source.js";
import { StageNote } from "./stage-note.js";
import { StageRest } from "./stage-rest.js";

/**
 * What is watched in a room, by everybody at the same place.
 *
 * @typedef {import("./clock.js").PlaybackState & {item?: string | null, cause?: string}} Playback
 *
 * @typedef {object} WatchRoom
 * @property {import("../client/server.js").Server} parlor
 * @property {import("../client/channel.js").Channel} channel
 * @property {import("../rooms/layout.js").Layout} layout
 * @property {() => boolean} mayCommand
 * @property {() => boolean} mayQueue
 * @property {() => string} hostName
 * @property {() => void} onInvite
 */

/** How often the player is compared with where it should be, in milliseconds. */
const COMPARED_EVERY = 500;

export class Watch {
  /** @type {WatchRoom} */ #room;
  /** @type {Follower} */ #follower;
  /** @type {Record<string, any> | null} */ #item = null;
  /** @type {any[]} */ #queue = [];
  /** @type {ReturnType<typeof openPlayer>} */ #player = null;
  /** @type {Controls} */ #controls;
  /** @type {StageRest} */ #rest;
  #note = new StageNote(byId("stage-note"));
  /** The version whose start others wait for. @type {number | null} */ #awaited = null;
  #start = new PlannedStart();
  /** @type {Reports} */ #reports;
  #shownRights = "";
  #isLooping = false;

  /** @param {WatchRoom} room */
  constructor(room) {
    this.#room = room;
    this.#follower = new Follower(room.channel.clock);
    this.#reports = new Reports(room.channel);
    this.#controls = new Controls(byId("controls"), {
      onPlay: (isPlaying) => this.#command(isPlaying ? "PLAY" : "PAUSE"),
      onSeek: (seconds) => this.#say({ type: "SEEK", time: seconds }),
      onRate: (rate) => this.#say({ type: "SET_RATE", rate }),
      onNext: () => this.#say({ type: "QUEUE_NEXT" }),
      onStop: () => room.layout.show("queue"),
      onVolume: (volume) => {
        this.#player?.volume(volume);
        if (volume > 0) this.#note.withdrawOffer();
      },
      onFull: () => this.fullScreen(),
    });
    this.#rest = new StageRest({ empty: byId("stage-empty"), queue: byId("queue-body") }, {
      token: () => room.parlor.session.token,
      find: (words) => room.parlor.rooms.watchable(words),
      say: (frame) => this.#say(frame),
      onInvite: room.onInvite,
      onLoop: (isLooping) => tellIfItFails(room.parlor.rooms.change(room.channel.code, { loop_queue: isLooping })),
    });
    this.#listen();
    this.#showRest();
    setInterval(() => this.#follow(), COMPARED_EVERY);
  }

  /** Plays or pauses for everybody, if one may. */
  toggle() {
    if (this.#item !== null && this.#room.mayCommand()) this.#command(this.#state?.is_playing ? "PAUSE" : "PLAY");
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
    if ((details.loop_queue === true) !== this.#isLooping) {
      this.#isLooping = !this.#isLooping;
      this.#showRest();
    }
    this.rightsChanged();
  }

  #listen() {
    const { channel } = this.#room;
    /** @param {keyof import("../client/channel-events.js").ChannelEvents} name @param {(detail: any) => void} run */
    const on = (name, run) => channel.addEventListener(name, (event) => run(/** @type {CustomEvent} */ (event).detail));
    on("playback", (state) => this.#stateIs(state));
    on("media", ({ item }) => this.#load(item));
    on("queue", ({ queue }) => {
      this.#queue = queue ?? [];
      this.#showRest();
    });
    on("waiting", (frame) => this.#waitFor(frame));
    on("state", (state) => state.kind === "open" && this.#opened());
  }

  #opened() {
    this.#reports.askTime();
    this.#readQueue();
  }

  async #readQueue() {
    try {
      this.#queue = await this.#room.parlor.rooms.queue(this.#room.channel.code);
      this.#showRest();
    } catch {
      // A server without a queue has none to show.
    }
  }

  /** The room's newest state. @returns {Playback | undefined} */
  get #state() {
    return this.#follower.state;
  }

  /** @param {Playback} state */
  #stateIs(state) {
    // After a join the versions of before count no more: a server may have lost what was never acknowledged.
    if (state.cause === "join") this.#beginAnew();
    if (!this.#follower.take({ ...state, rate: state.rate ?? 1 })) return;
    if (!state.waiting) {
      this.#awaited = null;
      this.#note.say("");
    }
    this.#controls.state(state.is_playing, state.rate ?? 1);
    if (state.item && state.item !== this.#item?.id) this.#readItem();
    else if (state.item === null && this.#item !== null) this.#load(null);
    this.#follow();
  }

  /** Follows the same state from its start: the player was not there, or not ready, when it began. */
  #beginAnew() {
    const { state, headStart } = this.#follower;
    this.#follower = new Follower(this.#room.channel.clock);
    this.#follower.headStart = headStart;
    if (state) this.#follower.take(state);
  }

  /** The state names an item that has not been told of. */
  async #readItem() {
    const { item } = await this.#room.parlor.rooms.details(this.#room.channel.code).catch(() => ({ item: null }));
    if (item) this.#load(item);
  }

  /** @param {Record<string, any> | null} item */
  #load(item) {
    if (item?.id === this.#item?.id) return this.#learn(item);
    this.#item = item;
    this.#player?.close();
    this.#player = null;
    if (item) this.#open(item);
    this.#room.layout.stage(item !== null);
    this.#controls.title = titleOf(/** @type {any} */ (item));
    this.#showRest();
    this.#follow();
  }

  /** More is known of what is watched: its title is shown, and its player goes on. @param {Record<string, any> | null} item */
  #learn(item) {
    if (!item) return;
    this.#item = item;
    this.#controls.title = titleOf(/** @type {any} */ (item));
    this.#showRest();
  }

  /** @param {Record<string, any>} item */
  #open(item) {
    const player = openPlayer(item, byId("screen"), this.#room.parlor.session.token);
    if (!player) return this.#note.say(t("watch.noPlayer"));
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
    if (this.#player && this.#room.mayCommand()) this.#reports.happened("ended", this.#player, this.#item?.id);
  }

  /** @param {{version: number, users: {name: string}[], count: number}} frame */
  #waitFor({ version, users, count }) {
    this.#awaited = version;
    if (this.#player?.isReady) this.#ready();
    const names = users.slice(0, 3).map(({ name }) => name).join(", ");
    this.#note.say(count > 0 ? t(count > 3 ? "watch.waitingMore" : "watch.waiting", { names }) : "");
  }

  /** Does what brings the player to where everybody is. */
  #follow() {
    const [state, player] = [this.#state, this.#player];
    if (!state || !player) return;
    if (this.#mustBegin(state, player)) this.#beginAnew();
    const now = Date.now();
    const action = this.#follower.next(now, { time: player.position, isPlaying: player.isPlaying });
    switch (action.kind) {
      case "pause": this.#halt(action.time); break;
      case "start": this.#begin(action.time, action.at - now); break;
      case "seek": player.seek(action.time); break;
      case "rate": player.rate(player.canNudge ? action.rate : state.rate); break;
    }
    if (state.is_playing && !state.waiting) this.#reports.playing(now, this.#follower, player, this.#item?.id);
    this.#showPosition();
  }

  /** Whether everybody plays and this player, which could, does not. @param {Playback} state @param {NonNullable<ReturnType<typeof openPlayer>>} player */
  #mustBegin(state, player) {
    if (!state.is_playing || state.waiting || player.isPlaying || !player.isReady || this.#start.isPlanned) return false;
    return !this.#isPastEnd(positionAt(state, this.#serverNow()));
  }

  /** @param {number} seconds */
  #halt(seconds) {
    this.#start.cancel();
    this.#player?.pause();
    this.#player?.seek(seconds);
  }

  /** @param {number} seconds @param {number} wait  milliseconds */
  #begin(seconds, wait) {
    const [player, rate] = [this.#player, this.#state?.rate ?? 1];
    this.#start.cancel();
    if (player && !this.#isPastEnd(seconds)) this.#start.plan(player, { seconds, rate, wait });
  }

  /** @param {number} position */
  #isPastEnd(position) {
    return this.#player !== null && this.#player.duration > 0 && position >= this.#player.duration;
  }

  #showPosition() {
    const [state, player] = [this.#state, this.#player];
    if (!state || !player) return;
    const wanted = positionAt(state, this.#serverNow());
    const isCompared = state.is_playing && !state.waiting && player.isPlaying;
    this.#controls.at(player.isReady ? player.position : wanted, player.duration, isCompared ? player.position - wanted : null);
  }

  #serverNow() {
    return this.#room.channel.clock.toServer(Date.now());
  }

  /** @param {"PLAY" | "PAUSE"} type */
  #command(type) {
    const player = this.#player;
    const isAtEnd = player !== null && player.duration > 0 && player.position >= player.duration - 0.2;
    const position = player?.isReady ? player.position : this.#state ? positionAt(this.#state, this.#serverNow()) : 0;
    this.#say({ type, time: type === "PLAY" && isAtEnd ? 0 : position });
  }

  /** @param {object} frame */
  #say(frame) {
    if (!this.#room.channel.say(frame)) toast(t("watch.offline"));
  }

  fullScreen() {
    if (this.#item === null) return;
    if (document.fullscreenElement) document.exitFullscreen();
    else byId("stage").requestFullscreen?.().catch(() => toast(t("watch.fullRefused")));
  }

  /** What stands where nothing is watched, and what is watched next. */
  #showRest() {
    const mayCommand = this.#room.mayCommand();
    this.#controls.rights(mayCommand, this.#queue.length > 0);
    byId("controls").hidden = this.#item === null;
    this.#rest.show({ isOn: this.#item !== null, queue: this.#queue, mayCommand, mayQueue: this.#room.mayQueue(), isLooping: this.#isLooping, hostName: this.#room.hostName() });
  }
}
