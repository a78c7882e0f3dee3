import { mayReconnect } from "./close.js";

/**
 * The connection to the broadcast feed: opens it, notices when it has died, and comes back by itself.
 * It knows nothing of the page; everything it needs from the browser can be replaced in a test.
 *
 * @typedef {import("./close.js").Closed} Closed
 *
 * @typedef {{kind: "idle"}
 *   | {kind: "connecting", attempt: number}
 *   | {kind: "open", since: number}
 *   | {kind: "waiting", attempt: number, retryAt: number, closed: Closed}
 *   | {kind: "offline", closed: Closed}
 *   | {kind: "closed", closed: Closed}} FeedState
 *
 * @typedef {object} FeedEnvironment
 * @property {new (url: string) => WebSocket} WebSocket
 * @property {(run: () => void, ms: number) => any} setTimeout
 * @property {(timer: any) => void} clearTimeout
 * @property {() => number} random  0 ≤ random < 1
 * @property {() => number} now  milliseconds
 * @property {() => boolean} isOnline
 */

/** The first ceiling of the back-off, in milliseconds; it doubles with every failure. */
export const BACKOFF_BASE = 500;
/** No wait is longer than this. */
export const BACKOFF_CAP = 30_000;
/** A connection counts as good once it has lasted this long. Sooner, the back-off goes on: a server that accepts and closes at once must not be stormed. */
export const STABLE_AFTER = 5_000;
/** A handshake that takes longer has failed. */
export const CONNECT_TIMEOUT = 10_000;
/** The feed has a heartbeat every 10 s; after this much silence we ask whether anybody is there. */
export const SILENCE = 35_000;
/** How long the answer to that question may take. */
export const PONG_TIMEOUT = 8_000;

/**
 * Exponential back-off with full jitter: anything between nothing and the ceiling, so that a thousand
 * clients of a restarted server don't come back in the same instant.
 * @param {number} attempt  how many attempts have failed in a row, from 1
 * @param {() => number} random
 */
export function backoff(attempt, random) {
  const ceiling = Math.min(BACKOFF_CAP, BACKOFF_BASE * 2 ** (attempt - 1));
  return Math.round(random() * ceiling);
}

/** @type {() => FeedEnvironment} */
const browser = () => ({
  WebSocket: globalThis.WebSocket,
  setTimeout: (run, ms) => globalThis.setTimeout(run, ms),
  clearTimeout: (timer) => globalThis.clearTimeout(timer),
  random: Math.random,
  now: Date.now,
  isOnline: () => globalThis.navigator?.onLine !== false,
});

export class Feed {
  /** @type {string} */ #url;
  /** @type {FeedEnvironment} */ #env;
  /** @type {(state: FeedState) => void} */ #onState;
  /** @type {(data: string) => void} */ #onMessage;
  /** @type {WebSocket | null} */ #socket = null;
  /** @type {FeedState} */ #state = { kind: "idle" };
  #failures = 0;
  /** The one timer that is running: handshake, silence, answer or retry, depending on the state. @type {any} */
  #timer = null;
  /** The `timestamp` of the ping that waits for its answer. @type {string | null} */
  #probe = null;

  /**
   * @param {string} url
   * @param {{onState: (state: FeedState) => void, onMessage: (data: string) => void}} listener
   * @param {Partial<FeedEnvironment>} [environment]
   */
  constructor(url, { onState, onMessage }, environment = {}) {
    this.#url = url;
    this.#onState = onState;
    this.#onMessage = onMessage;
    this.#env = { ...browser(), ...environment };
  }

  get state() {
    return this.#state;
  }

  /** Connects now, whatever the state; without effect while connected or on the way. */
  connect() {
    if (this.#socket) return;
    this.#enter({ kind: "connecting", attempt: this.#failures });
    try {
      this.#listen(new this.#env.WebSocket(this.#url));
    } catch (error) {
      // An address that the browser refuses outright stays refused.
      this.#enter({ kind: "closed", closed: { code: 1006, reason: String(/** @type {Error} */ (error).message) } });
    }
  }

  /** The network or the visitor is back: don't wait any longer, and make sure that an open connection is alive. */
  wake() {
    if (this.#state.kind === "waiting" || this.#state.kind === "offline") this.connect();
    else if (this.#state.kind === "open") this.check();
  }

  /** Asks the server for a sign of life; without one the connection is given up and made anew. */
  check() {
    if (this.#state.kind !== "open" || this.#probe) return;
    this.#probe = `${this.#env.now()}-${Math.floor(this.#env.random() * 1e9)}`;
    this.#socket?.send(JSON.stringify({ type: "ping", timestamp: this.#probe }));
    this.#after(PONG_TIMEOUT, () => this.#giveUp("no answer"));
  }

  /** Closes for good. */
  stop() {
    const socket = this.#release();
    socket?.close(1000);
    this.#enter({ kind: "idle" });
  }

  /** @param {WebSocket} socket */
  #listen(socket) {
    this.#socket = socket;
    // A socket that was given up may still speak; only the present one is heard.
    const present = (/** @type {(event: any) => void} */ run) => (/** @type {any} */ event) => {
      if (this.#socket === socket) run(event);
    };
    socket.onopen = present(() => this.#opened());
    socket.onmessage = present((event) => this.#received(event.data));
    socket.onclose = present((event) => this.#closed({ code: event.code, reason: event.reason }));
    this.#after(CONNECT_TIMEOUT, () => this.#giveUp("no answer"));
  }

  #opened() {
    this.#enter({ kind: "open", since: this.#env.now() });
    this.#watch();
  }

  /** @param {unknown} data */
  #received(data) {
    const answer = this.#probe !== null && isPong(data, this.#probe);
    this.#watch();
    if (answer) return;
    this.#onMessage(typeof data === "string" ? data : "[a frame that is not text]");
  }

  /** Something was heard: the next silence starts now. */
  #watch() {
    this.#probe = null;
    this.#after(SILENCE, () => this.check());
  }

  /** @param {string} reason */
  #giveUp(reason) {
    // Closing a dead connection can take minutes, so its end is not waited for.
    const socket = this.#socket;
    this.#closed({ code: 1006, reason });
    socket?.close();
  }

  /** @param {Closed} closed */
  #closed(closed) {
    const wasGood = this.#state.kind === "open" && this.#env.now() - this.#state.since >= STABLE_AFTER;
    this.#failures = wasGood ? 1 : this.#failures + 1;
    this.#release();
    if (!mayReconnect(closed.code)) return this.#enter({ kind: "closed", closed });
    const wait = backoff(this.#failures, this.#env.random);
    // "Offline" is only what the browser believes; a server on this machine may still answer, so we keep trying.
    if (this.#env.isOnline()) {
      this.#enter({ kind: "waiting", attempt: this.#failures, retryAt: this.#env.now() + wait, closed });
    } else {
      this.#enter({ kind: "offline", closed });
    }
    this.#after(wait, () => this.connect());
  }

  /** Lets go of the socket and the timer. */
  #release() {
    const socket = this.#socket;
    this.#socket = null;
    this.#probe = null;
    this.#env.clearTimeout(this.#timer);
    return socket;
  }

  /** @param {number} ms @param {() => void} run */
  #after(ms, run) {
    this.#env.clearTimeout(this.#timer);
    this.#timer = this.#env.setTimeout(run, ms);
  }

  /** @param {FeedState} state */
  #enter(state) {
    this.#state = state;
    this.#onState(state);
  }
}

/**
 * Whether this is the answer to our own question; anything else that looks like a pong is a message like all others.
 * @param {unknown} data
 * @param {string} timestamp
 */
function isPong(data, timestamp) {
  if (typeof data !== "string" || !data.includes(timestamp)) return false;
  try {
    const value = JSON.parse(data);
    return value.type === "pong" && value.timestamp === timestamp;
  } catch {
    return false;
  }
}

/**
 * The feed's address: the page's own host, unless `?feed=` names another WebSocket address.
 * @param {{protocol: string, host: string, search: string}} location
 */
export function feedUrl(location) {
  const own = `${location.protocol === "https:" ? "wss:" : "ws:"}//${location.host}/ws/feed/`;
  const other = new URLSearchParams(location.search).get("feed");
  return other && /^wss?:\/\/[^/]/i.test(other) && URL.canParse(other) ? other : own;
}
