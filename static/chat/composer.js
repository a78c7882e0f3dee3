import { bdi, element } from "../page/element.js";
import { t } from "../text/text.js";
import { matching, mentionAt, mentionsIn } from "./words.js";

/**
 * Where a message is written: text that grows, an answer or an edit that is announced above it, names that complete
 * themselves. Enter sends, Shift+Enter begins a line, Escape gives up, the arrow up edits one's last message.
 *
 * @typedef {import("./message-store.js").Message} Message
 *
 * @typedef {object} ComposerParts
 * @property {HTMLFormElement} form
 * @property {HTMLTextAreaElement} text
 * @property {HTMLElement} about  says what is answered or edited
 * @property {HTMLElement} names  the list of names
 *
 * @typedef {object} ComposerListener
 * @property {(text: string, details: {reply_to?: number, mentions: number[]}) => boolean} onSend  whether it was taken
 * @property {(message: Message, text: string) => void} onEdit
 * @property {(isTyping: boolean) => void} onTyping
 * @property {() => void} onEditLast
 * @property {() => import("./words.js").Named[]} people
 */

const MAX_HEIGHT = 180;

export class Composer {
  /** @type {ComposerParts} */ #parts;
  /** @type {ComposerListener} */ #listener;
  /** @type {{kind: "reply" | "edit", message: Message} | null} */ #about = null;
  /** What had been written before an edit came in between. */
  #draft = "";
  /** @type {import("./words.js").Named[]} */ #offered = [];
  #chosen = 0;

  /** @param {ComposerParts} parts @param {ComposerListener} listener */
  constructor(parts, listener) {
    this.#parts = parts;
    this.#listener = listener;
    const { form, text } = parts;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send();
    });
    text.addEventListener("keydown", (event) => this.#key(event));
    text.addEventListener("input", () => this.#typed());
    text.addEventListener("blur", () => setTimeout(() => this.#offer([]), 150));
    text.addEventListener("click", () => this.#complete());
  }

  focus() {
    this.#parts.text.focus();
  }

  /** @param {Message} message */
  reply(message) {
    this.#begin({ kind: "reply", message }, t("chat.answerTo", { name: message.user, text: message.message || t("aFile") }));
  }

  /** @param {Message} message */
  edit(message) {
    this.#draft = this.#parts.text.value;
    this.#begin({ kind: "edit", message }, t("chat.editing"));
    this.#parts.text.value = message.message;
    this.#grow();
  }

  /** Why nothing can be written; nothing if it can. @param {string} reason */
  lock(reason) {
    const { form, text } = this.#parts;
    for (const part of form.elements) /** @type {any} */ (part).disabled = reason !== "";
    text.placeholder = reason || t("chat.write");
  }

  /** @param {{kind: "reply" | "edit", message: Message}} about @param {string} sentence */
  #begin(about, sentence) {
    this.#about = about;
    const stop = element("button", { type: "button", class: "link" }, t("cancel"));
    stop.addEventListener("click", () => this.#cancel());
    this.#parts.about.replaceChildren(element("span", {}, sentence), stop);
    this.#parts.about.hidden = false;
    this.focus();
  }

  #cancel() {
    if (this.#about?.kind === "edit") this.#parts.text.value = this.#draft;
    this.#draft = "";
    this.#about = null;
    this.#parts.about.hidden = true;
    this.#grow();
    this.focus();
  }

  #send() {
    const { text } = this.#parts;
    const words = text.value.trim();
    const about = this.#about;
    if (about?.kind === "edit") {
      if (words && words !== about.message.message) this.#listener.onEdit(about.message, words);
      return this.#cancel();
    }
    const details = { mentions: mentionsIn(words, this.#listener.people()), ...(about ? { reply_to: about.message.id } : {}) };
    if (!this.#listener.onSend(words, details)) return;
    text.value = "";
    this.#listener.onTyping(false);
    this.#cancel();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.isComposing) return;
    if (this.#offered.length > 0 && this.#keyInNames(event)) return event.preventDefault();
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.#send();
    } else if (event.key === "Escape" && this.#about) this.#cancel();
    else if (event.key === "ArrowUp" && this.#parts.text.value === "" && !this.#about) {
      event.preventDefault();
      this.#listener.onEditLast();
    }
  }

  /** @param {KeyboardEvent} event @returns {boolean} whether it was for the list of names */
  #keyInNames({ key }) {
    if (key === "Escape") this.#offer([]);
    else if (key === "Enter" || key === "Tab") this.#take(this.#offered[this.#chosen]);
    else if (key === "ArrowDown" || key === "ArrowUp") {
      const count = this.#offered.length;
      this.#choose((this.#chosen + (key === "ArrowDown" ? 1 : count - 1)) % count);
    } else return false;
    return true;
  }

  #typed() {
    this.#grow();
    this.#complete();
    this.#listener.onTyping(this.#parts.text.value.trim() !== "" && this.#about?.kind !== "edit");
  }

  #complete() {
    const { text } = this.#parts;
    const mention = mentionAt(text.value, text.selectionStart);
    this.#offer(mention ? matching(this.#listener.people(), mention.beginning) : []);
  }

  /** @param {import("./words.js").Named[]} people */
  #offer(people) {
    const { names, text } = this.#parts;
    this.#offered = people;
    names.hidden = people.length === 0;
    names.replaceChildren(...people.map((person, index) => {
      const option = element("li", { role: "option", id: `name-${index}` }, bdi(person.name));
      option.addEventListener("pointerdown", (event) => {
        event.preventDefault();
        this.#take(person);
      });
      return option;
    }));
    if (people.length > 0) this.#choose(0);
    else text.removeAttribute("aria-activedescendant");
  }

  /** @param {number} index */
  #choose(index) {
    this.#chosen = index;
    [...this.#parts.names.children].forEach((option, at) => option.setAttribute("aria-selected", String(at === index)));
    this.#parts.text.setAttribute("aria-activedescendant", `name-${index}`);
  }

  /** @param {import("./words.js").Named} person */
  #take(person) {
    const { text } = this.#parts;
    const mention = mentionAt(text.value, text.selectionStart);
    if (mention) text.setRangeText(`@${person.name} `, mention.from, text.selectionStart, "end");
    this.#offer([]);
    this.focus();
  }

  #grow() {
    const { text } = this.#parts;
    text.style.height = "auto";
    text.style.height = `${Math.min(text.scrollHeight + 2, MAX_HEIGHT)}px`;
  }
}
