import { backoff } from "./backoff.js";
import { announcedBy, codeOfRefusal, mayReconnect } from "./close.js";

/**
 * A socket that is kept open: it notices when it has died, and comes back by itself.
 * It knows nothing of the page; everything it needs from the browser can be replaced in a test.
 *
 * @typedef {import("./close.js").Closed} Closed
 * @typedef {{url: string, protocols?: string[]}} Target
 *
 * @typedef {{kind: "idle"}
 *   | {kind: "connecting", attempt: number}
 *   | {kind: "open", since: number}
 *   | {kind: "waiting", attempt: number, retryAt: number, closed: Closed}
 *   | {kind: "offline", closed: Closed}
 *   | {kind: "closed", closed: Closed}} ConnectionState
 *
 * @typedef {object} ConnectionEnvironment
 * @property {new (url: string, protocols?: string[]) => WebSocket} WebSocket
 * @property {(run: () => void, ms: number) => any} setTimeout
 * @property {(timer: any) => void} clearTimeout
 * @property {() => number} random  0 ≤ random < 1
 * @property {() => number} now  milliseconds
 * @property {() => boolean} isOnline
 */

/** A connection counts as good once it has lasted this long. Sooner, the back-off goes on: a server that accepts and closes at once must not be stormed. */
export const STABLE_AFTER = 5_000;
/** A handshake that takes longer has failed. */
export const CONNECT_TIMEOUT = 10_000;
/** The feed has a heartbeat every 10 s; after this much silence we ask whether anybody is there. */
export const SILENCE = 35_000;
/** How long the answer to that question may take. */
export const PONG_TIMEOUT = 8_000;

/** @type {() => ConnectionEnvironment} */
const browser = () => ({
  WebSocket: globalThis.WebSocket,
  setTimeout: (run, ms) => globalThis.setTimeout(run, ms),
  clearTimeout: (timer) => globalThis.clearTimeout(timer),
  random: Math.random,
  now: Date.now,
  isOnline: () => globalThis.navigator?.onLine !== false,
});

export class Connection {
  /** @type {string | (() => Promise<Target>)} */ #target;
  #silence;
  /** @type {ConnectionEnvironment} */ #env;
  /** @type {(state: ConnectionState) => void} */ #onState;
  /** @type {(data: string) => void} */ #onMessage;
  /** @type {WebSocket | null} */ #socket = null;
  /** @type {ConnectionState} */ #state = { kind: "idle" };
  /** What the server said why it would close this socket. @type {Closed | null} */
  #announced = null;
  #failures = 0;
  /** The one timer that is running: handshake, silence, answer or retry, depending on the state. @type {any} */
  #timer = null;
  /** The `timestamp` of the ping that waits for its answer. @type {string | null} */
  #probe = null;
  /** Counts attempts, so that an address which comes too late opens nothing. */
  #attempts = 0;
  #isFetching = false;

  /**
   * @param {string | (() => Promise<Target>)} target  an address, or what makes one for each attempt: tickets are good once
   * @param {{onState: (state: ConnectionState) => void, onMessage: (data: string) => void}} listener
   * @param {Partial<ConnectionEnvironment>} [environment]
   * @param {number} [silence]  how long nothing may be heard before the server is asked for a sign of life
   */
  constructor(target, { onState, onMessage }, environment = {}, silence = SILENCE) {
    this.#target = target;
    this.#silence = silence;
    this.#onState = onState;
    this.#onMessage = onMessage;
    this.#env = { ...browser(), ...environment };
  }

  get state() {
    return this.#state;
  }

  /** Connects now, whatever the state; without effect while connected or on the way. */
  connect() {
    if (this.#socket || this.#isFetching) return;
    this.#enter({ kind: "connecting", attempt: this.#failures });
    if (typeof this.#target === "string") this.#open({ url: this.#target });
    else this.#fetch(this.#target);
  }

  /** Whether a frame was handed to an open socket. @param {string} text */
  send(text) {
    if (this.#state.kind !== "open" || !this.#socket) return false;
    this.#socket.send(text);
    return true;
  }

  /** Gives the socket up and makes another: something that should have been answered was not. @param {string} reason */
  renew(reason) {
    if (this.#socket) this.#giveUp(reason);
  }

  /** @param {() => Promise<Target>} target */
  async #fetch(target) {
    const attempt = ++this.#attempts;
    this.#isFetching = true;
    this.#env.clearTimeout(this.#timer);
    const made = await target().catch((/** @type {any} */ error) => ({ closed: codeOfRefusal(error) }));
    if (attempt !== this.#attempts) return;
    this.#isFetching = false;
    if ("closed" in made) this.#closed(made.closed);
    else this.#open(made);
  }

  /** @param {Target} target */
  #open({ url, protocols }) {
    try {
      this.#listen(protocols ? new this.#env.WebSocket(url, protocols) : new this.#env.WebSocket(url));
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
    socket.onclose = present((event) => this.#closed(this.#announced ?? { code: event.code, reason: event.reason }));
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
    // Anybody's texts come on the feed; on a socket that was opened with a ticket the server alone speaks.
    if (typeof this.#target !== "string") this.#announced = announcedBy(data) ?? this.#announced;
    this.#onMessage(typeof data === "string" ? data : "[a frame that is not text]");
  }

  /** Something was heard: the next silence starts now. */
  #watch() {
    this.#probe = null;
    this.#after(this.#silence, () => this.check());
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
    this.#announced = null;
    this.#attempts += 1;
    this.#isFetching = false;
    this.#env.clearTimeout(this.#timer);
    return socket;
  }

  /** @param {number} ms @param {() => void} run */
  #after(ms, run) {
    this.#env.clearTimeout(this.#timer);
    this.#timer = this.#env.setTimeout(run, ms);
  }

  /** @param {ConnectionState} state */
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
