import { t } from "../text/text.js";

/**
 * Who has read what: tells the server what is seen here, and shows under one's last message who has seen it.
 *
 * @typedef {import("./message-store.js").Message} Message
 */

/** Seeing is told at most so often, in milliseconds. */
const TOLD_EVERY = 1_000;

export class Reading {
  /** @type {import("../client/channel.js").Channel} */ #channel;
  #line;
  #readers;
  /** What others have read since. @type {Map<number, number>} */ #heard = new Map();
  /** Up to where the server knows that one has read; nothing is told before that is known. @type {number | null} */
  #told = null;
  #seen = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #timer;

  /**
   * @param {import("../client/channel.js").Channel} channel
   * @param {HTMLElement} line
   * @param {() => {id: number, name: string, last_read_id: number | null}[]} readers
   */
  constructor(channel, line, readers) {
    this.#channel = channel;
    this.#line = line;
    this.#readers = readers;
    // Whoever leaves has read what was in sight.
    addEventListener("pagehide", () => this.#tell());
  }

  /** @param {number} id */
  start(id) {
    this.#told = id;
  }

  /** The message with this id is in sight. @param {number | undefined} id */
  seen(id) {
    if (id === undefined || document.visibilityState !== "visible") return;
    this.#seen = Math.max(this.#seen, id);
    this.#timer ??= setTimeout(() => this.#tell(), TOLD_EVERY);
  }

  /** @param {{user_id: number, message_id: number}} receipt */
  heard({ user_id: user, message_id: id }) {
    this.#heard.set(user, Math.max(this.#heard.get(user) ?? 0, id));
  }

  /** @param {readonly Message[]} messages @param {number | undefined} me */
  show(messages, me) {
    const last = messages.at(-1);
    const names = last && last.sender_id === me ? this.#whoHasRead(last.id, me) : [];
    const sentence = names.length === 0 ? "" : names.length > 3 ? t("chat.seenByCount", { count: names.length }) : t("chat.seenBy", { names: names.join(", ") });
    if (this.#line.textContent !== sentence) this.#line.textContent = sentence;
  }

  /** @param {number} id @param {number | undefined} me */
  #whoHasRead(id, me) {
    const others = this.#readers().filter((person) => person.id !== me);
    return others.filter((person) => Math.max(person.last_read_id ?? 0, this.#heard.get(person.id) ?? 0) >= id).map(({ name }) => name);
  }

  #tell() {
    this.#timer = undefined;
    if (this.#told === null || this.#seen <= this.#told) return;
    if (this.#channel.say({ type: "read_receipt", message_id: this.#seen })) this.#told = this.#seen;
  }
}
