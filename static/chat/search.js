import { bdi, element } from "../page/element.js";
import { shortTime } from "../page/format.js";
import { sentenceOf } from "../text/problems.js";
import { t } from "../text/text.js";

/**
 * Finds messages by their words.
 *
 * @typedef {import("./message-store.js").Message} Message
 */

/**
 * Those messages that have all the words: what the server finds is checked, so that one which knows no search shows nothing
 * wrong.
 * @param {Message[]} messages
 * @param {string} words
 */
export function having(messages, words) {
  const wanted = words.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  return messages.filter(({ message }) => wanted.every((word) => message.toLocaleLowerCase().includes(word)));
}

export class Search {
  #parts;
  #find;
  #onShow;
  #asked = 0;

  /**
   * @param {{form: HTMLElement, input: HTMLInputElement, results: HTMLElement, toggle: HTMLElement}} parts
   * @param {(words: string) => Promise<Message[]>} find
   * @param {(message: Message) => void} onShow
   */
  constructor(parts, find, onShow) {
    this.#parts = parts;
    this.#find = find;
    this.#onShow = onShow;
    parts.toggle.addEventListener("click", () => this.#open(parts.form.hidden));
    parts.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#search();
    });
    parts.form.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      this.#open(false);
    });
  }

  /** @param {boolean} isOpen */
  #open(isOpen) {
    const { form, input, results, toggle } = this.#parts;
    form.hidden = !isOpen;
    results.hidden = true;
    toggle.setAttribute("aria-expanded", String(isOpen));
    (isOpen ? input : toggle).focus();
  }

  async #search() {
    const { input, results } = this.#parts;
    const words = input.value.trim();
    if (words === "") return;
    const asked = ++this.#asked;
    results.hidden = false;
    results.replaceChildren(element("p", { class: "hint" }, t("chat.searching")));
    try {
      const found = having(await this.#find(words), words);
      if (asked === this.#asked) this.#show(found);
    } catch (error) {
      if (asked === this.#asked) results.replaceChildren(element("p", { class: "problem" }, sentenceOf(error)));
    }
  }

  /** @param {Message[]} found */
  #show(found) {
    const { results } = this.#parts;
    if (found.length === 0) return results.replaceChildren(element("p", { class: "hint" }, t("chat.nothingFound")));
    results.replaceChildren(...found.map((message) => {
      const button = element("button", { type: "button", class: "result" },
        element("span", { class: "said-head" }, element("b", {}, bdi(message.user)), " ", element("time", { datetime: message.created_at }, shortTime(new Date(message.created_at)))),
        element("span", { dir: "auto" }, message.message));
      button.addEventListener("click", () => this.#onShow(message));
      return button;
    }));
  }
}
