/**
 * Messages that the server has not acknowledged yet, in the order in which they were written. One is under way at a time, so
 * that none overtakes another. Each has a name of its own, by which the server knows a repetition.
 *
 * @typedef {{message: string, message_type?: string, attachment?: string, reply_to?: number, mentions?: number[]}} Payload
 * @typedef {"waiting" | "under way" | "failed"} EntryState
 *
 * @typedef {object} Entry
 * @property {string} clientMsgId
 * @property {Payload} payload
 * @property {number} writtenAt  milliseconds
 * @property {EntryState} state
 * @property {number} notBefore  it may go from this moment on
 * @property {number} sentAt
 * @property {string} problem  why it failed, as a sentence
 * @property {string} [code]  and for programs
 *
 * @typedef {object} OutboxEnvironment
 * @property {() => number} now
 * @property {() => string} newId
 * @property {Pick<Storage, "getItem" | "setItem" | "removeItem">} [storage]  so that a reload loses nothing
 * @property {string} [key]
 */

/** Refusals that pass by themselves. */
const PASSING = new Set(["RATE_LIMITED", "SLOW_MODE", "REPEATED"]);
/** Whoever must wait longer decides for themselves, seconds. */
const LONGEST_WAIT = 60;
/** Without an acknowledgement for so long the socket is taken for dead, milliseconds. */
export const ACKNOWLEDGED_WITHIN = 10_000;

export class Outbox {
  /** @type {Entry[]} */ #entries;
  /** @type {OutboxEnvironment} */ #env;

  /** @param {OutboxEnvironment} environment */
  constructor(environment) {
    this.#env = environment;
    this.#entries = this.#restore();
  }

  /** @returns {readonly Readonly<Entry>[]} */
  get entries() {
    return this.#entries;
  }

  /** @param {Payload} payload @returns {Entry} */
  add(payload) {
    const { newId, now } = this.#env;
    /** @type {Entry} */
    const entry = { clientMsgId: newId(), payload, writtenAt: now(), state: "waiting", notBefore: 0, sentAt: 0, problem: "", code: "" };
    this.#entries.push(entry);
    this.#keep();
    return entry;
  }

  /** The message that may be sent now. What failed stands in nobody's way. @returns {Entry | null} */
  next() {
    const first = this.#entries.find(({ state }) => state !== "failed");
    return first?.state === "waiting" && first.notBefore <= this.#env.now() ? first : null;
  }

  /** How long until there may be a next one, in milliseconds; null if nothing waits for time to pass. */
  get wait() {
    const first = this.#entries.find(({ state }) => state !== "failed");
    return first?.state === "waiting" ? Math.max(0, first.notBefore - this.#env.now()) : null;
  }

  /** @param {Entry} entry */
  sent(entry) {
    entry.state = "under way";
    entry.sentAt = this.#env.now();
  }

  /** The server has it. @param {string | null | undefined} clientMsgId @returns {boolean} whether it was one of ours */
  acknowledge(clientMsgId) {
    const index = this.#entries.findIndex((entry) => entry.clientMsgId === clientMsgId);
    if (index < 0) return false;
    this.#entries.splice(index, 1);
    this.#keep();
    return true;
  }

  /**
   * The server does not take it, or not yet.
   * @param {{client_msg_id?: string | null, code: string, message: string, retry_after?: number}} error
   * @returns {boolean}  whether it was one of ours
   */
  refuse({ client_msg_id: clientMsgId, code, message, retry_after: retryAfter = 1 }) {
    const entry = this.#entries.find((one) => one.clientMsgId === clientMsgId);
    if (!entry) return false;
    const passes = PASSING.has(code) && retryAfter <= LONGEST_WAIT;
    entry.state = passes ? "waiting" : "failed";
    entry.notBefore = passes ? this.#env.now() + Math.max(retryAfter, 0.1) * 1000 : 0;
    Object.assign(entry, { problem: message, code });
    this.#keep();
    return true;
  }

  /** The socket is gone, and nobody knows what became of the message that was under way: it goes again. */
  disconnected() {
    for (const entry of this.#entries) if (entry.state === "under way") entry.state = "waiting";
  }

  /** Whether an acknowledgement should have come by now. */
  get isOverdue() {
    const end = this.#env.now() - ACKNOWLEDGED_WITHIN;
    return this.#entries.some(({ state, sentAt }) => state === "under way" && sentAt <= end);
  }

  /** Tries a failed one once more. @param {string} clientMsgId */
  retry(clientMsgId) {
    const entry = this.#entries.find((one) => one.clientMsgId === clientMsgId && one.state === "failed");
    if (entry) Object.assign(entry, { state: "waiting", notBefore: 0, problem: "", code: "" });
    this.#keep();
  }

  /** Throws a failed one away. @param {string} clientMsgId */
  discard(clientMsgId) {
    this.#entries = this.#entries.filter((one) => one.clientMsgId !== clientMsgId || one.state !== "failed");
    this.#keep();
  }

  #keep() {
    const { storage, key } = this.#env;
    if (!storage || !key) return;
    try {
      if (this.#entries.length > 0) storage.setItem(key, JSON.stringify(this.#entries));
      else storage.removeItem(key);
    } catch {}
  }

  /** @returns {Entry[]} */
  #restore() {
    const { storage, key } = this.#env;
    try {
      const kept = JSON.parse(storage?.getItem(key ?? "") ?? "[]");
      const whole = kept.filter((/** @type {any} */ entry) => typeof entry?.clientMsgId === "string" && typeof entry.payload?.message === "string");
      return whole.map((/** @type {Entry} */ entry) => ({ ...entry, state: entry.state === "failed" ? "failed" : "waiting", notBefore: 0 }));
    } catch {
      return [];
    }
  }
}
