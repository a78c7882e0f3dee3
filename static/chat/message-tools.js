import { element, icon } from "../page/element.js";
import { t } from "../text/text.js";

/**
 * What can be done with a message. There is one set of buttons, which goes to the message that is pointed at or has the focus.
 *
 * @typedef {import("./message-store.js").Message} Message
 *
 * @typedef {object} ToolsListener
 * @property {(message: Message) => void} onReply
 * @property {(message: Message) => void} onEdit
 * @property {(message: Message) => void} onDelete
 * @property {(message: Message, reaction: string) => void} onReact
 * @property {(message: Message) => {edit: boolean, remove: boolean}} may
 */

const REACTIONS = ["👍", "❤️", "😂", "😮", "😢", "🎉", "🔥", "👀"];

export class MessageTools {
  /** @type {Message | null} */ #message = null;
  /** @type {ToolsListener} */ #listener;
  #bar = element("div", { class: "tools", role: "toolbar", "aria-label": t("chat.tools") });

  /** @param {ToolsListener} listener */
  constructor(listener) {
    this.#listener = listener;
  }

  /** @param {Message} message @param {HTMLElement} row */
  show(message, row) {
    if (this.#message === message && this.#bar.parentElement === row) return;
    this.#message = message;
    const may = this.#listener.may(message);
    this.#bar.replaceChildren(
      this.#button("smile", t("chat.react"), () => this.#pick()),
      this.#button("reply", t("chat.reply"), () => this.#listener.onReply(message)),
      ...(may.edit ? [this.#button("edit", t("chat.edit"), () => this.#listener.onEdit(message))] : []),
      ...(may.remove ? [this.#button("delete", t("delete"), () => this.#listener.onDelete(message))] : []),
    );
    row.append(this.#bar);
  }

  hide() {
    this.#message = null;
    this.#bar.remove();
  }

  #pick() {
    const message = this.#message;
    if (!message) return;
    const buttons = REACTIONS.map((reaction) => {
      const button = element("button", { type: "button", class: "tool emoji", "aria-label": t("chat.reactWith", { reaction }) }, reaction);
      button.addEventListener("click", () => {
        this.#listener.onReact(message, reaction);
        this.hide();
      });
      return button;
    });
    this.#bar.replaceChildren(...buttons);
    buttons[0].focus();
  }

  /** @param {string} symbol @param {string} label @param {() => void} run */
  #button(symbol, label, run) {
    const button = element("button", { type: "button", class: "tool", "aria-label": label, title: label }, icon(symbol));
    button.addEventListener("click", run);
    return button;
  }
}
