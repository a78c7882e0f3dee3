import { messageRow } from "./message-row.js";

/**
 * The part of a chat that is in the document: a run of its messages around what is read. However long a chat is, its rows stay
 * few.
 *
 * @typedef {import("./message-store.js").MessageStore} MessageStore
 */

/** So many rows at most are in the document. */
export const ROWS = 300;
/** So many are put before or behind at once. */
const STEP = 100;

export class RowWindow {
  /** @type {MessageStore} */ #store;
  #list;
  /** @type {import("./message-row.js").RowContext} */ #context;
  /** @type {Map<number, HTMLElement>} */ #rows = new Map();
  /** The first and the last message in the document, if there are any. */
  #first = 0;
  #last = 0;

  /** @param {MessageStore} store @param {HTMLElement} list @param {import("./message-row.js").RowContext} context */
  constructor(store, list, context) {
    this.#store = store;
    this.#list = list;
    this.#context = context;
  }

  /** @param {number} id */
  row(id) {
    return this.#rows.get(id) ?? null;
  }

  get hasEarlier() {
    return this.#rows.size > 0 && this.#store.previous(this.#first) !== null;
  }

  get hasLater() {
    return this.#rows.size > 0 && this.#store.following(this.#last) !== null;
  }

  /** Whether there is something between what is shown and these. @param {number[]} ids */
  hasLaterThan(ids) {
    return this.hasLater && !ids.includes(this.#store.following(this.#last)?.id ?? 0);
  }

  /** Lets those go that are too many, on the side that is not read. @param {boolean} isAtEnd */
  trim(isAtEnd) {
    if (isAtEnd) this.#cut("start");
    else if (this.#rows.size > ROWS + STEP) this.#cut("end");
  }

  /** Shows the newest ones. */
  toEnd() {
    this.#show(this.#store.messages.length - ROWS);
  }

  /** Shows a message and its neighbours. @param {number} id @returns {boolean} whether there is such a message */
  around(id) {
    if (!this.#store.get(id)) return false;
    if (!this.#rows.has(id)) this.#show(this.#store.indexOf(id) - STEP);
    return true;
  }

  /** Puts some before the first, and lets as many go at the end. */
  earlier() {
    const end = this.#store.indexOf(this.#first);
    const added = this.#store.messages.slice(Math.max(0, end - STEP), end);
    const before = this.#first;
    for (const message of added) this.#put(message.id);
    this.#settle();
    this.renew(before);
    this.#cut("end");
  }

  /** Puts some behind the last, and lets as many go at the beginning. */
  later() {
    const start = this.#store.indexOf(this.#last) + 1;
    for (const { id } of this.#store.messages.slice(start, start + STEP)) this.#put(id);
    this.#settle();
    this.#cut("start");
  }

  /** New messages: those that belong among, or right behind, what is shown. @param {number[]} ids @param {boolean} isAtEnd */
  add(ids, isAtEnd) {
    for (const id of ids) {
      const isInside = this.#rows.size === 0 || (id > this.#first && id < this.#last);
      if (!isInside && !(isAtEnd && id > this.#last)) continue;
      this.#put(id);
      this.#settle();
      const after = this.#store.following(id);
      if (after) this.renew(after.id);
    }
  }

  /** @param {number} id */
  renew(id) {
    const message = this.#store.get(id);
    const row = this.#rows.get(id);
    if (!message || !row) return;
    const fresh = messageRow(message, this.#store.previous(id), this.#context);
    const hadFocus = row.contains(document.activeElement);
    row.replaceWith(fresh);
    this.#rows.set(id, fresh);
    if (hadFocus) fresh.focus({ preventScroll: true });
  }

  /** @param {number} id */
  remove(id) {
    this.#rows.get(id)?.remove();
    this.#rows.delete(id);
    this.#settle();
    const after = this.#store.following(id);
    if (after) this.renew(after.id);
  }

  /** @param {number} from  an index */
  #show(from) {
    this.#rows.clear();
    this.#list.replaceChildren();
    const start = Math.max(0, from);
    for (const { id } of this.#store.messages.slice(start, start + ROWS)) this.#put(id);
    this.#settle();
  }

  /** @param {number} id */
  #put(id) {
    const message = this.#store.get(id);
    if (!message || this.#rows.has(id)) return;
    const row = messageRow(message, this.#store.previous(id), this.#context);
    const after = this.#nextRow(id);
    this.#rows.set(id, row);
    if (after) after.before(row);
    else this.#list.append(row);
  }

  /** @param {number} id */
  #nextRow(id) {
    if (this.#rows.size === 0 || id > this.#last) return null;
    let after = this.#store.following(id);
    while (after && !this.#rows.has(after.id)) after = this.#store.following(after.id);
    return after ? this.#rows.get(after.id) : null;
  }

  /** @param {"start" | "end"} side */
  #cut(side) {
    const ids = [...this.#rows.keys()].sort((a, b) => a - b);
    const spare = Math.max(0, ids.length - ROWS);
    for (const id of side === "start" ? ids.slice(0, spare) : ids.slice(ids.length - spare)) {
      this.#rows.get(id)?.remove();
      this.#rows.delete(id);
    }
    this.#settle();
  }

  #settle() {
    let [first, last] = [Infinity, 0];
    for (const id of this.#rows.keys()) {
      first = Math.min(first, id);
      last = Math.max(last, id);
    }
    [this.#first, this.#last] = [first === Infinity ? 0 : first, last];
  }
}
