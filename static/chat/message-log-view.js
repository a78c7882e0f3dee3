import { element, icon } from "../page/element.js";
import { t } from "../text/text.js";
import { pendingRow } from "./message-row.js";
import { ROWS, RowWindow } from "./row-window.js";

/**
 * Shows the messages of a store, follows the newest one unless the reader has scrolled back, and asks for older ones when the
 * reader comes to the top.
 *
 * @typedef {import("./message-store.js").MessageStore} MessageStore
 * @typedef {import("./message-store.js").Message} Message
 *
 * @typedef {object} LogParts
 * @property {HTMLElement} scroller
 * @property {HTMLElement} list
 * @property {HTMLElement} pending  what is not acknowledged yet
 * @property {HTMLElement} toNewest
 * @property {HTMLElement} top  says what is above
 *
 * @typedef {object} LogListener
 * @property {() => Promise<void>} onTop  wants older ones
 * @property {() => void} onBottom  the newest one is in sight
 * @property {(message: Message, row: HTMLElement) => void} onPoint  a message is pointed at or has the focus
 */

/** This near to an end (CSS pixels) counts as being there. */
const NEAR = 80;
/** This near, the next rows are put into the document. */
const FAR = 600;
/** So many messages are kept while the reader follows; older ones are asked for again. */
const KEPT = 2 * ROWS;

export class MessageLogView {
  /** @type {MessageStore} */ #store;
  /** @type {LogParts} */ #parts;
  /** @type {LogListener} */ #listener;
  /** @type {import("./message-row.js").RowContext} */ #context;
  /** @type {RowWindow} */ #rows;
  #following = true;
  #missed = 0;
  #isLoading = false;
  #height = 0;
  /** The last message that had been read when the room was entered. */
  #readUpTo = 0;
  #line = element("li", { class: "unread-line", role: "separator" }, element("span", {}, t("chat.new")));

  /** @param {MessageStore} store @param {LogParts} parts @param {LogListener} listener @param {import("./message-row.js").RowContext} context */
  constructor(store, parts, listener, context) {
    this.#store = store;
    this.#parts = parts;
    this.#listener = listener;
    this.#context = context;
    this.#rows = new RowWindow(store, parts.list, context);
    parts.scroller.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    parts.scroller.addEventListener("keydown", (event) => this.#key(event));
    parts.toNewest.addEventListener("click", () => this.follow());
    for (const type of ["pointerover", "focusin"]) parts.list.addEventListener(type, (event) => this.#point(event));
    new ResizeObserver(() => this.#resized()).observe(parts.scroller);
    // Pictures that load push the newest message down.
    parts.list.addEventListener("load", () => this.#following && this.#toEnd(), true);
  }

  get isAtEnd() {
    return this.#following;
  }

  /** Where the line of what is new stands. @param {number} id */
  readUpTo(id) {
    this.#readUpTo = id;
    this.#placeLine();
  }

  /** Everything anew. */
  reset() {
    this.#rows.toEnd();
    this.#showTop();
    this.#placeLine();
    this.follow();
  }

  /** @param {import("./message-store.js").Change} change */
  apply({ kind, ids }) {
    if (kind === "added") return this.#added(ids);
    if (kind === "changed") for (const id of ids) this.#rows.renew(id);
    else for (const id of ids) this.#rows.remove(id);
    if (this.#following) this.#toEnd();
  }

  /** Older ones have come. */
  showOlder() {
    this.#moved(() => this.#rows.earlier());
  }

  /** @param {readonly import("../client/outbox.js").Entry[]} entries @param {boolean} isOnline @param {{onRetry: (id: string) => void, onDiscard: (id: string) => void}} listener */
  showPending(entries, isOnline, listener) {
    const grew = entries.length > this.#parts.pending.children.length;
    this.#parts.pending.replaceChildren(...entries.map((entry) => pendingRow(entry, isOnline, listener)));
    if (grew) this.follow();
    else if (this.#following) this.#toEnd();
  }

  /** Goes to the newest message and stays with what comes. */
  follow() {
    if (this.#rows.hasLater) this.#rows.toEnd();
    this.#following = true;
    this.#missed = 0;
    this.#parts.toNewest.hidden = true;
    this.#placeLine();
    this.#toEnd();
    this.#listener.onBottom();
  }

  /** @param {number} id @returns {boolean} whether it is loaded */
  reveal(id) {
    if (!this.#rows.around(id)) return false;
    this.#placeLine();
    this.#following = false;
    const row = this.#rows.row(id);
    row?.scrollIntoView({ block: "center" });
    row?.focus({ preventScroll: true });
    row?.classList.add("found");
    setTimeout(() => row?.classList.remove("found"), 1_600);
    return true;
  }

  /** @param {number[]} ids */
  #added(ids) {
    const newest = this.#store.newest?.id;
    this.#rows.add(ids, this.#following || !this.#rows.hasLaterThan(ids));
    this.#placeLine();
    this.#rows.trim(this.#following);
    if (this.#following) {
      for (const gone of this.#store.trim(KEPT)) this.#rows.remove(gone);
      this.#toEnd();
      if (ids.length > 0) this.#listener.onBottom();
    } else if (newest !== undefined && ids.includes(newest)) this.#miss();
    this.#showTop();
  }

  #placeLine() {
    const first = this.#store.messages.find(({ id, sender_id: sender }) => id > this.#readUpTo && sender !== this.#context.me);
    const row = this.#readUpTo > 0 && first ? this.#rows.row(first.id) : null;
    if (row && first !== this.#store.messages[0]) row.before(this.#line);
    else this.#line.remove();
  }

  #showTop() {
    this.#parts.top.hidden = this.#store.hasOlder || this.#rows.hasEarlier || this.#store.messages.length === 0;
  }

  async #scrolled() {
    const { scrollHeight, scrollTop, clientHeight } = this.#parts.scroller;
    // A scroller that has just been hidden, shown or resized was not scrolled by the reader.
    if (clientHeight !== this.#height) return;
    const fromEnd = scrollHeight - scrollTop - clientHeight;
    if (fromEnd < FAR && this.#rows.hasLater) return this.#moved(() => this.#rows.later());
    const atEnd = fromEnd < NEAR && !this.#rows.hasLater;
    if (atEnd && !this.#following) this.follow();
    this.#following = atEnd;
    if (!atEnd && this.#missed === 0) this.#showWayBack(t("newest"));
    if (scrollTop >= FAR) return;
    if (this.#rows.hasEarlier) this.showOlder();
    else if (this.#store.hasOlder && !this.#isLoading) await this.#loadOlder();
  }

  /** Changes the rows, and leaves what is read where it stands. @param {() => void} change */
  #moved(change) {
    const { scroller, list } = this.#parts;
    const top = scroller.getBoundingClientRect().top;
    const anchor = [...list.children].find((row) => row !== this.#line && row.getBoundingClientRect().bottom > top);
    const before = anchor?.getBoundingClientRect().top ?? 0;
    change();
    this.#showTop();
    this.#placeLine();
    const id = Number(/** @type {HTMLElement | undefined} */ (anchor)?.dataset.id);
    const after = this.#rows.row(id)?.getBoundingClientRect().top;
    if (after !== undefined) scroller.scrollTop += after - before;
  }

  async #loadOlder() {
    this.#isLoading = true;
    try {
      await this.#listener.onTop();
    } finally {
      this.#isLoading = false;
    }
  }

  #resized() {
    this.#height = this.#parts.scroller.clientHeight;
    if (this.#following) this.#toEnd();
  }

  #toEnd() {
    const { scroller } = this.#parts;
    scroller.scrollTop = scroller.scrollHeight;
  }

  #miss() {
    this.#missed += 1;
    this.#showWayBack(t("newMessages", { count: this.#missed }));
  }

  /** @param {string} label */
  #showWayBack(label) {
    this.#parts.toNewest.replaceChildren(label, icon("down"));
    this.#parts.toNewest.hidden = false;
  }

  /** @param {Event} event */
  #point(event) {
    const row = /** @type {HTMLElement} */ (event.target).closest?.("li[data-id]");
    const message = row instanceof HTMLElement ? this.#store.get(Number(row.dataset.id)) : null;
    if (message) this.#listener.onPoint(message, /** @type {HTMLElement} */ (row));
  }

  /** The arrows go from message to message. @param {KeyboardEvent} event */
  #key(event) {
    if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
    const rows = [...this.#parts.list.querySelectorAll("li[data-id]")];
    const at = rows.findIndex((row) => row.contains(document.activeElement));
    const next = at < 0 ? rows.length - 1 : at + (event.key === "ArrowUp" ? -1 : 1);
    if (!(rows[next] instanceof HTMLElement)) return;
    event.preventDefault();
    /** @type {HTMLElement} */ (rows[next]).focus();
  }
}
