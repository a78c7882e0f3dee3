import { ServerClock } from "../watch/clock.js";
import { Connection } from "./connection.js";
import { LogCursor } from "./log-cursor.js";
import { Outbox } from "./outbox.js";

/**
 * One room over one socket: it comes back by itself, resumes where it was, and sends what is written in order.
 *
 * Events, each a `CustomEvent` whose `detail` is the server's frame if nothing else is said:
 * - `state`: the connection's state, see `ConnectionState`
 * - `history`: the newest messages; whatever was shown before is replaced
 * - `message`, `edited`, `deleted`, `reacted`, `cleared`: the room's log, each once and in order
 * - `outbox`: what is still to be acknowledged has changed; no detail
 * - `refused`: an error that concerns no message of the outbox
 * - `participants`, `joined`, `left`, `member`, `typing`, `read`, `room`, `deleted-room`, `broadcast`, `requested`, `approved`, `denied`
 * - `playback`, `correction`, `media`, `queue`, `waiting`, `host`
 *
 * @typedef {import("./connection.js").ConnectionState} ConnectionState
 * @typedef {import("./outbox.js").Payload} Payload
 * @typedef {{id: number, type: string, client_msg_id?: string | null, is_self?: boolean, [field: string]: any}} LogEvent
 *
 * @typedef {object} ChannelEnvironment
 * @property {import("./api.js").Api} api
 * @property {string} socketBase  `wss://host`
 * @property {Pick<Storage, "getItem" | "setItem" | "removeItem">} [storage]
 * @property {string} [outboxKey]
 * @property {() => string} newId
 * @property {Partial<import("./connection.js").ConnectionEnvironment>} [browser]
 */

/** @type {Record<string, string>} */
const NAMES = {
  CHAT_MESSAGE: "message", new_message: "message", MESSAGE_EDITED: "edited", MESSAGE_DELETED: "deleted",
  MESSAGE_REACTED: "reacted", CHAT_CLEARED: "cleared",
  ROOM_PARTICIPANTS: "participants", USER_JOINED: "joined", USER_LEFT: "left", MEMBER_UPDATED: "member", typing: "typing",
  read_receipt: "read", ROOM_UPDATED: "room", ROOM_DELETED: "deleted-room", BROADCAST: "broadcast",
  JOIN_REQUESTED: "requested", JOIN_APPROVED: "approved", JOIN_DENIED: "denied",
  PLAYBACK_STATE: "playback", SYNC_CORRECTION: "correction", MEDIA_CHANGED: "media", QUEUE_UPDATED: "queue",
  WAITING_FOR: "waiting", HOST_DISCONNECTED: "host", HOST_RECONNECTED: "host", HOST_CHANGED: "host",
};
const LOGGED = new Set(["message", "edited", "deleted", "reacted", "cleared"]);

/** Rooms are quiet for minutes; every question costs two messages. Milliseconds. */
const SILENCE = 120_000;
/** How long a gap may stay before what is missing is asked for. */
const GAP_STAYS = 2_000;
/** A beginning of typing is told at most so often. */
const TYPING_EVERY = 3_000;

export class Channel extends EventTarget {
  /** @type {ChannelEnvironment} */ #env;
  /** @type {LogCursor<LogEvent>} */ #cursor = new LogCursor();
  /** @type {Connection} */ #connection;
  /** @type {import("./connection.js").ConnectionEnvironment} */ #browser;
  /** Whether the log's end has been told on this socket: only then is it known which messages have arrived. */
  #isGreeted = false;
  /** @type {any} */ #gapTimer = null;
  /** @type {any} */ #outboxTimer = null;
  #typingToldAt = -Infinity;
  /** When each ping for the clock was sent. @type {Map<string, number>} */ #pings = new Map();
  clock = new ServerClock();

  /** @param {string} code @param {ChannelEnvironment} environment */
  constructor(code, environment) {
    super();
    this.code = code;
    this.#env = environment;
    const browser = { setTimeout: globalThis.setTimeout.bind(globalThis), clearTimeout: globalThis.clearTimeout.bind(globalThis), now: Date.now };
    this.#browser = /** @type {any} */ ({ ...browser, ...environment.browser });
    const { storage, outboxKey: key, newId } = environment;
    this.outbox = new Outbox({ now: () => this.#browser.now(), newId, storage, key });
    const listener = { onState: (/** @type {ConnectionState} */ state) => this.#changed(state), onMessage: (/** @type {string} */ text) => this.#heard(text) };
    this.#connection = new Connection(() => this.#target(), listener, environment.browser, SILENCE);
  }

  get state() {
    return this.#connection.state;
  }

  /** The id up to which everything has been delivered. */
  get lastId() {
    return this.#cursor.position ?? 0;
  }

  connect() {
    this.#connection.connect();
  }

  /** The network or the visitor is back. */
  wake() {
    this.#connection.wake();
  }

  /** The browser believes that the network is gone. */
  check() {
    this.#connection.check();
  }

  close() {
    this.#connection.stop();
    this.#browser.clearTimeout(this.#gapTimer);
    this.#browser.clearTimeout(this.#outboxTimer);
  }

  /** Writes a message: it is sent as soon as it can be, and shown by `outbox` until it is acknowledged. @param {Payload} payload */
  write(payload) {
    const entry = this.outbox.add(payload);
    this.#typingToldAt = -Infinity;
    this.#outboxChanged();
    return entry;
  }

  /** @param {string} clientMsgId */
  retry(clientMsgId) {
    this.outbox.retry(clientMsgId);
    this.#outboxChanged();
  }

  /** @param {string} clientMsgId */
  discard(clientMsgId) {
    this.outbox.discard(clientMsgId);
    this.#outboxChanged();
  }

  /** Says something at once, or not at all. @param {object} frame @returns {boolean} whether it went */
  say(frame) {
    return this.#connection.send(JSON.stringify(frame));
  }

  /** @param {boolean} isTyping */
  typing(isTyping) {
    const now = this.#browser.now();
    if (isTyping && now - this.#typingToldAt < TYPING_EVERY) return;
    if (!isTyping && this.#typingToldAt === -Infinity) return;
    this.#typingToldAt = isTyping ? now : -Infinity;
    this.say({ type: "typing", is_typing: isTyping });
  }

  /** Asks what time it is on the server; the answer goes into `clock`. */
  askTime() {
    const now = this.#browser.now();
    const timestamp = `t${now}-${this.#pings.size}`;
    if (this.#pings.size > 20) this.#pings.clear();
    if (this.say({ type: "ping", timestamp })) this.#pings.set(timestamp, now);
  }

  async #target() {
    const path = `/ws/room/${this.code}/`;
    const { ticket } = await this.#env.api.post("/api/ws-ticket/", { path });
    const since = this.#cursor.position;
    const url = this.#env.socketBase + path + (since === null ? "" : `?since=${since}`);
    return { url, protocols: ["parlor.v1", `ticket.${ticket}`] };
  }

  /** @param {ConnectionState} state */
  #changed(state) {
    if (state.kind !== "open") {
      this.#isGreeted = false;
      this.outbox.disconnected();
    } else this.askTime();
    this.#tell("state", state);
  }

  /** @param {string} text */
  #heard(text) {
    const frame = parse(text);
    if (!frame) return;
    const name = NAMES[frame.type];
    if (name && LOGGED.has(name) && Number.isInteger(frame.id)) return this.#logged(/** @type {any} */ (frame));
    if (name) return this.#tell(name, frame);
    switch (frame.type) {
      case "CHAT_HISTORY": return this.#greeted(frame);
      case "RESUMED": return this.#resumed(frame.last_id);
      case "HEARTBEAT": return this.#mayBeMissing(frame.last_id);
      case "ERROR": return this.#refused(frame);
      case "pong": return this.#pong(frame);
    }
  }

  /** @param {LogEvent} event */
  #logged(event) {
    // An acknowledgement counts even if something older is still missing.
    if (event.is_self !== false && event.client_msg_id && this.outbox.acknowledge(event.client_msg_id)) this.#outboxChanged();
    this.#deliver(this.#cursor.take(event));
    this.#watchGap();
  }

  /** @param {LogEvent[]} events */
  #deliver(events) {
    for (const event of events) this.#tell(NAMES[event.type], event);
  }

  /** @param {any} frame */
  #greeted(frame) {
    this.#tell("history", frame);
    for (const message of frame.messages ?? []) this.outbox.acknowledge(message.client_msg_id);
    this.#deliver(this.#cursor.startAt(frame.last_id ?? 0));
    this.#isGreeted = true;
    this.#outboxChanged();
  }

  /** @param {number} lastId */
  #resumed(lastId) {
    this.#mayBeMissing(lastId);
    this.#isGreeted = true;
    this.#outboxChanged();
  }

  /** @param {number | undefined} lastId */
  #mayBeMissing(lastId) {
    if (typeof lastId !== "number") return;
    this.#cursor.knows(lastId);
    this.#watchGap();
  }

  #watchGap() {
    if (!this.#cursor.hasGap) {
      this.#browser.clearTimeout(this.#gapTimer);
      this.#gapTimer = null;
    } else this.#gapTimer ??= this.#browser.setTimeout(() => this.#fillGap(), GAP_STAYS);
  }

  /** Asks over HTTP for what did not come over the socket. */
  async #fillGap() {
    const after = this.#cursor.position ?? 0;
    try {
      const { items } = await this.#env.api.page(`/api/rooms/${this.code}/events/?after=${after}`);
      // What the server has let go by now can't be had any more.
      if (items.length > 0) this.#deliver(this.#cursor.giveUpTo(items[0].id - 1));
      for (const event of items) this.#logged(event);
    } catch {
      // The next event, heartbeat or resumption shows the gap again.
    }
    this.#gapTimer = null;
    if (this.state.kind === "open") this.#watchGap();
  }

  /** @param {any} error */
  #refused(error) {
    if (error.client_msg_id && this.outbox.refuse(error)) return this.#outboxChanged();
    this.#tell("refused", error);
  }

  /** @param {any} pong */
  #pong(pong) {
    const sentAt = this.#pings.get(pong.timestamp);
    if (sentAt === undefined) return;
    this.#pings.delete(pong.timestamp);
    this.clock.sample(sentAt, this.#browser.now(), pong);
  }

  #outboxChanged() {
    this.#pump();
    this.#tell("outbox", null);
  }

  /** Sends what may go now, and comes back when more may. */
  #pump() {
    this.#browser.clearTimeout(this.#outboxTimer);
    if (!this.#isGreeted) return;
    if (this.outbox.isOverdue) return this.#connection.renew("no acknowledgement");
    const entry = this.outbox.next();
    if (entry && this.say({ type: "CHAT_MESSAGE", ...entry.payload, client_msg_id: entry.clientMsgId })) this.outbox.sent(entry);
    if (this.outbox.entries.length === 0) return;
    const wait = this.outbox.wait ?? 1_000;
    this.#outboxTimer = this.#browser.setTimeout(() => this.#pump(), Math.min(Math.max(wait, 100), 1_000));
  }

  /** @param {string} name @param {any} detail */
  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

/** @param {string} text @returns {{type: string, [field: string]: any} | null} */
function parse(text) {
  try {
    const value = JSON.parse(text);
    return typeof value?.type === "string" ? value : null;
  } catch {
    return null;
  }
}
