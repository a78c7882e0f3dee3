import { Connection } from "./connection.js";
import { TypedTarget } from "./typed-target.js";

/**
 * What concerns a person wherever they are: messages of private conversations, and notices.
 *
 * It is told live; what was missed while it was not connected is read over HTTP, so a list is loaded anew after `state` says open.
 * Events: `state`, and `frame` with whatever the server sends.
 *
 * @extends {TypedTarget<{state: import("./connection.js").ConnectionState, frame: import("./channel-events.js").Frame}>}
 */
export class Inbox extends TypedTarget {
  /** @type {Connection} */ #connection;

  /**
   * @param {{api: import("./api.js").Api, socketBase: string, browser?: Partial<import("./connection.js").ConnectionEnvironment>}} environment
   */
  constructor({ api, socketBase, browser }) {
    super();
    const target = async () => {
      const { ticket } = await api.post("/api/ws-ticket/", { path: "/ws/chat/" });
      return { url: `${socketBase}/ws/chat/`, protocols: ["parlor.v1", `ticket.${ticket}`] };
    };
    const listener = {
      onState: (/** @type {any} */ state) => this.#tell("state", state),
      onMessage: (/** @type {string} */ text) => this.#heard(text),
    };
    this.#connection = new Connection(target, listener, browser, 120_000);
  }

  get state() {
    return this.#connection.state;
  }

  connect() {
    this.#connection.connect();
  }

  wake() {
    this.#connection.wake();
  }

  close() {
    this.#connection.stop();
  }

  /** @param {string} text */
  #heard(text) {
    try {
      const frame = JSON.parse(text);
      if (typeof frame?.type === "string") this.#tell("frame", frame);
    } catch {}
  }

  /** @param {string} name @param {any} detail */
  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
