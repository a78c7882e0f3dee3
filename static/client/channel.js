import { ServerClock } from "../watch/clock.js";
import { LOGGED, NAMES } from "./channel-events.js";
import { Connection } from "./connection.js";
import { LogCursor } from "./log-cursor.js";
import { Outbox } from "./outbox.js";
import { TypedTarget } from "./typed-target.js";

/**
 * One room over one socket: it comes back by itself, resumes where it was, and sends what is written in order.
 * Its events, each a `CustomEvent`, are listed as `ChannelEvents` in channel-events.js.
 *
 * @typedef {import("./connection.js").ConnectionState} ConnectionState
 * @typedef {import("./outbox.js").Payload} Payload
 * @typedef {import("./channel-events.js").LogEvent} LogEvent
 *
 * @typedef {object} ChannelEnvironment
 * @property {import("./api.js").Api} api
 * @property {string} socketBase  `wss://host`
 * @property {Pick<Storage, "getItem" | "setItem" | "removeItem">} [storage]
 * @property {string} [outboxKey]
 * @property {() => string} newId
 * @property {Partial<import("./connection.js").ConnectionEnvironment>} [browser]
 */

/** Rooms are quiet for minutes; every question costs two messages. Milliseconds. */
const SILENCE = 120_000;
/** How long a gap may stay before what is missing is asked for. */
const GAP_STAYS = 2_000;
/** A beginning of typing is told at most so often: the server's three seconds, and what one message may be slower than another. */
const TYPING_EVERY = 3_300;

/** @extends {TypedTarget<import("./channel-events.js").ChannelEvents>} */
export class Channel extends TypedTarget {
  /** @type {ChannelEnvironment} */ #env;
  /** @type {LogCursor<LogEvent>} */ #cursor = new LogCursor();
  /** @type {Connection} */ #connection;
  /** @type {import("./connection.js").ConnectionEnvironment} */ #browser;
  /** Whether the log's end has been told on this socket: only then is it known which messages have arrived. */
  #isGreeted = false;
  /** @type {any} */ #gapTimer = null;
  /** @type {any} */ #outboxTimer = null;
  /** Whether others believe that one is typing, and when they were told so last. */
  #isTyping = false;
  #typingToldAt = -Infinity;
  /** @type {any} */ #typingTimer = null;
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
    this.#typingEnds();
  }

  /** Writes a message: it is sent as soon as it can be, and shown by `outbox` until it is acknowledged. @param {Payload} payload */
  write(payload) {
    const entry = this.outbox.add(payload);
    this.#typingEnds();
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

  /** May be called with every key. @param {boolean} isTyping */
  typing(isTyping) {
    if (!isTyping) {
      if (this.#typingEnds()) this.say({ type: "typing", is_typing: false });
      return;
    }
    const wait = this.#typingToldAt + TYPING_EVERY - this.#browser.now();
    if (wait <= 0) this.#tellTyping();
    // The server passes over a beginning that comes too soon after the one before.
    else if (!this.#isTyping) this.#typingTimer ??= this.#browser.setTimeout(() => this.#tellTyping(), wait);
  }

  #tellTyping() {
    this.#typingEnds();
    this.#isTyping = true;
    this.#typingToldAt = this.#browser.now();
    this.say({ type: "typing", is_typing: true });
  }

  /** Whether others had been told of it. */
  #typingEnds() {
    this.#browser.clearTimeout(this.#typingTimer);
    this.#typingTimer = null;
    const wasTyping = this.#isTyping;
    this.#isTyping = false;
    return wasTyping;
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
