import { element, icon } from "../page/element.js";
import { clock, fullTime } from "../page/format.js";
import { t } from "../text/text.js";
import { layOutJson } from "./frame.js";

/**
 * Shows the messages of a `MessageLog`, and follows the newest one unless the reader has scrolled back.
 *
 * @typedef {import("./message-log.js").MessageLog} MessageLog
 * @typedef {import("./message-log.js").Entry} Entry
 * @typedef {import("./media.js").MediaItem} MediaItem
 *
 * @typedef {object} MessageListParts
 * @property {HTMLElement} list  the `ol`
 * @property {HTMLElement} scroller  what scrolls around it
 * @property {HTMLElement} toNewest  the button that leads back to the newest
 * @property {HTMLElement} forgotten  says that older messages have gone
 * @property {(mediaId: string) => string} titleOf
 * @property {(item: MediaItem) => void} onPlay
 */

/** Text beyond this is folded until asked for. */
const FOLD = { lines: 16, characters: 1_600 };
/** Longer JSON is not coloured: a span per token of every long message would be too many. */
const COLOURED = 4_000;
/** This near to the end (CSS pixels) counts as being at the end. */
const NEAR_END = 60;

export class MessageList {
  /** @type {MessageLog} */ #log;
  /** @type {MessageListParts} */ #parts;
  /** @type {Map<number, HTMLElement>} */ #rows = new Map();
  #following = true;
  #missed = 0;
  #scrollPlanned = false;
  /** The scroller's height when it was last looked at. */
  #height = 0;

  /** @param {MessageLog} log @param {MessageListParts} parts */
  constructor(log, parts) {
    this.#log = log;
    this.#parts = parts;
    parts.forgotten.textContent = t("feed.forgotten", { limit: log.limits.messages });
    parts.scroller.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    parts.toNewest.addEventListener("click", () => this.follow());
    new ResizeObserver(() => this.#resized()).observe(parts.scroller);
  }

  /** @param {import("./frame.js").Frame} frame @param {Date} at */
  add(frame, at) {
    const { entry, dropped } = this.#log.add(frame, at);
    for (const { id } of dropped) this.#remove(id);
    const row = this.#row(entry);
    this.#rows.set(entry.id, row);
    this.#parts.list.append(row);
    this.#showForgotten();
    if (this.#following) this.#planScroll();
    else if (frame.kind !== "heartbeat") this.#miss();
  }

  /** Takes every message off the page. */
  clear() {
    for (const { id } of this.#log.clear()) this.#remove(id);
    this.#showForgotten();
    this.follow();
  }

  /** Goes to the newest message and stays with what comes. */
  follow() {
    this.#following = true;
    this.#missed = 0;
    this.#parts.toNewest.hidden = true;
    this.#planScroll();
  }

  /** @param {boolean} shown */
  showHeartbeats(shown) {
    this.#parts.list.classList.toggle("with-heartbeats", shown);
    if (this.#following) this.#planScroll();
  }

  /** @param {number} id */
  #remove(id) {
    this.#rows.get(id)?.remove();
    this.#rows.delete(id);
  }

  #scrolled() {
    const { scrollHeight, scrollTop, clientHeight } = this.#parts.scroller;
    // A scroller that has just been hidden, shown or resized was not scrolled by the reader.
    if (clientHeight !== this.#height) return;
    const atEnd = scrollHeight - scrollTop - clientHeight < NEAR_END;
    if (atEnd && !this.#following) this.follow();
    this.#following = atEnd || this.#scrollPlanned;
    if (!this.#following && this.#missed === 0) this.#showWayBack(t("newest"));
  }

  /** A turned phone, an opened keyboard or a change of view must not hide the newest message. */
  #resized() {
    this.#height = this.#parts.scroller.clientHeight;
    if (this.#following) this.#planScroll();
  }

  /** Once per picture, however many messages arrive in between. */
  #planScroll() {
    if (this.#scrollPlanned) return;
    this.#scrollPlanned = true;
    requestAnimationFrame(() => {
      this.#scrollPlanned = false;
      this.#parts.scroller.scrollTop = this.#parts.scroller.scrollHeight;
    });
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

  #showForgotten() {
    this.#parts.forgotten.hidden = this.#log.forgotten === 0;
  }

  /** @param {Entry} entry */
  #row({ at, frame }) {
    const time = element("time", { datetime: at.toISOString(), title: fullTime(at) }, clock(at));
    return element("li", { class: `message ${frame.kind}` }, time, ...this.#body(frame));
  }

  /**
   * @param {import("./frame.js").Frame} frame
   * @returns {HTMLElement[]}
   */
  #body(frame) {
    switch (frame.kind) {
      case "heartbeat":
      case "gap":
        return [element("p", { class: "note" }, frame.text)];
      case "play":
        return [this.#playable(frame.mediaId), actions(frame.text)];
      case "json":
        return jsonBody(frame.text);
      case "text":
        return [foldable(element("p", { class: "words", dir: "auto" }, frame.text), frame.text), actions(frame.text)];
    }
  }

  /** @param {string} mediaId */
  #playable(mediaId) {
    const title = this.#parts.titleOf(mediaId);
    const button = element("button", { type: "button", class: "playable" },
      element("span", { class: "disc" }, icon("play")),
      element("span", { class: "playable-text" },
        element("span", { class: "playable-title" }, element("span", { class: "visually-hidden" }, `${t("play")} `), title),
        element("span", { class: "playable-id" }, mediaId)));
    button.addEventListener("click", () => this.#parts.onPlay({ mediaId, title }));
    return button;
  }
}

/** @param {string} text */
function jsonBody(text) {
  const tokens = layOutJson(text);
  const pretty = tokens.map((token) => token.text).join("");
  const code = element("pre", { class: "code" });
  const showPretty = () => code.replaceChildren(...(text.length > COLOURED ? [pretty] : tokens.map(tokenNode)));
  showPretty();
  const original = element("button", { type: "button", class: "action", "aria-pressed": "false", title: t("feed.originalTitle") }, t("feed.original"));
  original.addEventListener("click", () => {
    const pressed = original.getAttribute("aria-pressed") !== "true";
    original.setAttribute("aria-pressed", String(pressed));
    if (pressed) code.replaceChildren(text);
    else showPretty();
  });
  return [foldable(code, pretty), actions(text, original)];
}

/** @param {import("./frame.js").JsonToken} token */
function tokenNode({ kind, text }) {
  return kind === "plain" ? document.createTextNode(text) : element("span", { class: `json-${kind}` }, text);
}

/**
 * Folds what is long, with a button to unfold it.
 * @param {HTMLElement} content
 * @param {string} text
 */
function foldable(content, text) {
  const body = element("div", { class: "body" }, content);
  if (text.length <= FOLD.characters && text.split("\n", FOLD.lines + 1).length <= FOLD.lines) return body;
  content.classList.add("folded");
  const button = element("button", { type: "button", class: "unfold", "aria-expanded": "false" }, t("showAll"));
  button.addEventListener("click", () => {
    const folded = content.classList.toggle("folded");
    button.setAttribute("aria-expanded", String(!folded));
    button.textContent = folded ? t("showAll") : t("showLess");
  });
  body.append(button);
  return body;
}

/**
 * What can be done with a message; copying always gives the text as it came.
 * @param {string} text
 * @param {...HTMLElement} more
 */
function actions(text, ...more) {
  const row = element("div", { class: "actions" }, ...more);
  // Pages on plain http from another machine have no clipboard.
  if (navigator.clipboard) row.append(copyButton(text));
  return row;
}

/** @param {string} text */
function copyButton(text) {
  const button = element("button", { type: "button", class: "action", title: t("feed.copyTitle") }, t("copy"));
  button.addEventListener("click", async () => {
    const copied = await navigator.clipboard.writeText(text).then(() => true, () => false);
    button.textContent = copied ? t("copied") : t("feed.copyRefused");
    setTimeout(() => { button.textContent = t("copy"); }, 1_500);
  });
  return button;
}
