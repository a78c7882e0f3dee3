import { element, icon } from "../page/element.js";
import { t } from "../text/text.js";

/** What is said over the picture: a sentence, or the offer of sound where the browser wants a click first. */
export class StageNote {
  #note;

  /** @param {HTMLElement} note */
  constructor(note) {
    this.#note = note;
  }

  /** @param {string} sentence  none takes what was said away */
  say(sentence) {
    this.#note.textContent = sentence;
    this.#note.hidden = sentence === "";
  }

  /** @param {() => void} onWanted */
  offerSound(onWanted) {
    const button = element("button", { type: "button", class: "primary" }, icon("sound"), t("watch.soundOn"));
    button.addEventListener("click", () => {
      onWanted();
      this.say("");
    });
    this.#note.replaceChildren(button);
    this.#note.hidden = false;
  }

  /** The sound is on by other means. */
  withdrawOffer() {
    if (this.#note.querySelector("button")) this.say("");
  }
}
