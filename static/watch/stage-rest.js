import { element, icon } from "../page/element.js";
import { checkbox } from "../page/form.js";
import { t } from "../text/text.js";
import { chooser } from "./chooser.js";
import { queueView } from "./queue-view.js";

/**
 * What is there beside the player: the invitation to choose something while nothing is watched, and what is watched next.
 *
 * @typedef {object} Shown
 * @property {boolean} isOn  whether something is watched
 * @property {any[]} queue
 * @property {boolean} mayCommand
 * @property {boolean} mayQueue
 * @property {boolean} isLooping  whether what has been watched comes last again
 * @property {string} hostName
 *
 * @typedef {object} RestListener
 * @property {() => string | null} token
 * @property {(words: string) => Promise<any[]>} find
 * @property {(frame: object) => void} say
 * @property {() => void} onInvite
 * @property {(isLooping: boolean) => void} onLoop
 */
export class StageRest {
  #parts;
  /** @type {RestListener} */ #listener;
  /** What decides the forms: they are not made anew under the fingers of whoever fills them in. */
  #forms = "";
  #list = element("div");
  /** What is here already is asked once. @type {Promise<any[]> | null} */
  #library = null;

  /** @param {{empty: HTMLElement, queue: HTMLElement}} parts @param {RestListener} listener */
  constructor(parts, listener) {
    this.#parts = parts;
    this.#listener = listener;
  }

  /** @param {Shown} shown */
  show(shown) {
    this.#showQueue(shown);
    const { isOn, mayCommand, mayQueue, hostName } = shown;
    const forms = JSON.stringify([isOn, mayCommand, mayQueue, hostName]);
    if (forms === this.#forms) return;
    this.#forms = forms;
    this.#parts.empty.hidden = isOn;
    this.#parts.empty.replaceChildren(...(isOn ? [] : this.#invitation(shown)));
    this.#parts.queue.replaceChildren(this.#list, ...this.#adding(shown));
  }

  /** @param {Shown} shown */
  #showQueue({ queue, mayQueue, mayCommand, isLooping }) {
    const { say } = this.#listener;
    this.#list.replaceChildren(queueView(queue, mayQueue, {
      onMove: (item, before) => say({ type: "QUEUE_MOVE", item, ...(before ? { before } : {}) }),
      onRemove: (item) => say({ type: "QUEUE_REMOVE", item }),
    }), ...(mayCommand ? [this.#looping(isLooping)] : []));
  }

  /** @param {boolean} isLooping */
  #looping(isLooping) {
    const label = checkbox({ name: "loop_queue", label: t("watch.loop"), checked: isLooping });
    label.addEventListener("change", () => this.#listener.onLoop(!isLooping));
    return label;
  }

  /** @param {Shown} shown */
  #invitation({ mayCommand, hostName }) {
    const invite = element("button", { type: "button", class: "quiet" }, icon("link"), t("inviteOthers"));
    invite.addEventListener("click", () => this.#listener.onInvite());
    if (!mayCommand) return [element("h2", {}, t("stage.nothing")), element("p", { class: "hint" }, t("stage.wait", { name: hostName })), invite];
    return [element("h2", {}, t("stage.title")), this.#chooser(t("watch"), "SET_MEDIA"), element("p", { class: "hint" }, t("stage.same")), invite];
  }

  /** @param {Shown} shown */
  #adding({ isOn, mayCommand, mayQueue }) {
    return [
      ...(mayQueue ? [element("h3", {}, t("queue.addTitle")), this.#chooser(t("queue.add"), "QUEUE_ADD")] : []),
      ...(isOn && mayCommand ? [element("h3", {}, t("queue.atOnce")), this.#chooser(t("watch"), "SET_MEDIA")] : []),
    ];
  }

  /** @param {string} verb @param {string} type */
  #chooser(verb, type) {
    const { token, find, say } = this.#listener;
    this.#library ??= find("");
    const library = this.#library;
    return chooser({ token, find: () => library, verb, onChoose: (choice) => say({ type, ...choice }) });
  }
}
