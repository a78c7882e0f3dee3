import { icon } from "../page/element.js";
import { duration } from "../page/format.js";
import { t } from "../text/text.js";

/**
 * The bar at the foot of the page that shows what is playing.
 *
 * @typedef {import("./player.js").Player} Player
 *
 * @typedef {object} PlayerBarParts
 * @property {HTMLElement} bar
 * @property {HTMLElement} toggle
 * @property {HTMLElement} title
 * @property {HTMLElement} detail
 * @property {HTMLInputElement} seek
 * @property {HTMLElement} time
 * @property {HTMLElement} close
 */

export class PlayerBar {
  /** @type {Player} */ #player;
  /** @type {PlayerBarParts} */ #parts;
  #seeking = false;
  #shownIcon = "";

  /** @param {Player} player @param {PlayerBarParts} parts */
  constructor(player, parts) {
    this.#player = player;
    this.#parts = parts;
    player.addEventListener("change", () => this.#show());
    parts.toggle.addEventListener("click", () => player.toggle());
    parts.close.addEventListener("click", () => player.clear());
    // While the thumb is held, playing on must not pull it away.
    parts.seek.addEventListener("input", () => { this.#seeking = true; });
    parts.seek.addEventListener("change", () => {
      this.#seeking = false;
      player.seek(Number(parts.seek.value));
    });
  }

  #show() {
    const { item, phase, problem } = this.#player;
    const { bar, title, detail } = this.#parts;
    bar.hidden = item === null;
    bar.dataset.phase = phase;
    title.textContent = item?.title ?? "";
    const line = phase === "failed" ? problem : phase === "loading" ? t("player.loading") : item?.mediaId ?? "";
    if (detail.textContent !== line) detail.textContent = line;
    this.#showToggle(phase === "playing" || phase === "loading");
    this.#showPosition();
  }

  /** @param {boolean} running */
  #showToggle(running) {
    const name = running ? "pause" : "play";
    if (this.#shownIcon === name) return;
    this.#shownIcon = name;
    this.#parts.toggle.replaceChildren(icon(name));
    this.#parts.toggle.setAttribute("aria-label", running ? t("pause") : t("play"));
  }

  #showPosition() {
    const { seek, time } = this.#parts;
    const { position, duration: whole } = this.#player;
    seek.disabled = whole === 0;
    seek.max = String(whole || 1);
    if (!this.#seeking) seek.value = String(position);
    seek.setAttribute("aria-valuetext", t("player.position", { at: duration(position), whole: duration(whole) }));
    time.textContent = `${duration(position)} / ${duration(whole)}`;
  }
}
