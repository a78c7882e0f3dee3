/**
 * The messages that are kept, oldest first, and never more of them than a page can carry.
 *
 * @typedef {import("./frame.js").Frame} Frame
 * @typedef {{id: number, at: Date, frame: Frame}} Entry
 */

export class MessageLog {
  #nextId = 1;
  /** @type {Entry[]} */ #messages = [];
  /** @type {Entry[]} */ #heartbeats = [];
  #characters = 0;
  /** How many messages have been let go to make room. */
  forgotten = 0;
  /** How many messages and heartbeats have come, those that were let go included. */
  received = { messages: 0, heartbeats: 0 };

  /**
   * Heartbeats are counted apart: an hour of them must not push out what somebody said.
   * @param {{messages?: number, heartbeats?: number, characters?: number}} [limits]
   */
  constructor({ messages = 500, heartbeats = 50, characters = 2_000_000 } = {}) {
    this.limits = { messages, heartbeats, characters };
  }

  /**
   * Adds what has arrived and says which older entries went for it.
   * @param {Frame} frame
   * @param {Date} at
   * @returns {{entry: Entry, dropped: Entry[]}}
   */
  add(frame, at) {
    const entry = { id: this.#nextId++, at, frame };
    const dropped = frame.kind === "heartbeat" ? this.#addHeartbeat(entry) : this.#addMessage(entry);
    return { entry, dropped };
  }

  /** How many messages are kept, heartbeats apart. */
  get size() {
    return this.#messages.length;
  }

  /** Forgets everything. */
  clear() {
    const dropped = [...this.#messages, ...this.#heartbeats];
    this.#messages = [];
    this.#heartbeats = [];
    this.#characters = 0;
    this.forgotten = 0;
    this.received = { messages: 0, heartbeats: 0 };
    return dropped;
  }

  /** @param {Entry} entry */
  #addHeartbeat(entry) {
    this.received.heartbeats += 1;
    this.#heartbeats.push(entry);
    return this.#heartbeats.splice(0, this.#heartbeats.length - this.limits.heartbeats);
  }

  /** @param {Entry} entry */
  #addMessage(entry) {
    if (entry.frame.kind !== "gap") this.received.messages += 1;
    this.#messages.push(entry);
    this.#characters += entry.frame.text.length;
    /** @type {Entry[]} */
    const dropped = [];
    while (this.#isFull()) {
      const oldest = /** @type {Entry} */ (this.#messages.shift());
      this.#characters -= oldest.frame.text.length;
      dropped.push(oldest);
    }
    this.forgotten += dropped.length;
    return dropped;
  }

  #isFull() {
    const { messages, characters } = this.limits;
    // The newest one is shown however long it is.
    return this.#messages.length > messages || (this.#characters > characters && this.#messages.length > 1);
  }
}
