import { bdi, element, icon } from "../page/element.js";
import { duration } from "../page/format.js";
import { t } from "../text/text.js";

/**
 * The bar below the picture: who may command sees buttons and a slider that moves everybody, others see where it is; the
 * volume is everybody's own.
 *
 * @typedef {object} ControlsListener
 * @property {(isPlaying: boolean) => void} onPlay
 * @property {(seconds: number) => void} onSeek
 * @property {(rate: number) => void} onRate
 * @property {() => void} onNext
 * @property {() => void} onStop
 * @property {(volume: number) => void} onVolume
 * @property {() => void} onFull
 */

const RATES = [0.5, 0.75, 1, 1.25, 1.5, 2];

export class Controls {
  #play = element("button", { type: "button", class: "disc" });
  #title = element("p", { class: "player-title" });
  #seek = element("input", { type: "range", class: "seek", min: "0", max: "1", step: "0.1", value: "0", "aria-label": t("player.seek") });
  #time = element("span", { class: "player-time" });
  #skew = element("span", { class: "skew", title: t("watch.skew") });
  #rate = element("select", { class: "rate", "aria-label": t("watch.speed") }, ...RATES.map((rate) => element("option", { value: String(rate), selected: rate === 1 }, `${rate}×`)));
  #next = element("button", { type: "button", class: "icon-button", "aria-label": t("watch.next"), title: t("watch.next") }, icon("next"));
  #stop = element("button", { type: "button", class: "icon-button", "aria-label": t("watch.else"), title: t("watch.else") }, icon("film"));
  #volume = element("input", { type: "range", class: "volume", min: "0", max: "1", step: "0.05", value: "1", "aria-label": t("watch.volume") });
  #full = element("button", { type: "button", class: "icon-button", "aria-label": t("watch.full"), title: t("watch.full") }, icon("full"));
  #isSeeking = false;
  #isPlaying = false;

  /** @param {HTMLElement} bar @param {ControlsListener} listener */
  constructor(bar, listener) {
    bar.append(this.#play, element("div", { class: "player-text" }, this.#title), this.#time, this.#skew, this.#rate, this.#next, this.#stop,
      element("span", { class: "volume-part" }, icon("sound"), this.#volume), this.#full, this.#seek);
    this.#play.addEventListener("click", () => listener.onPlay(!this.#isPlaying));
    this.#seek.addEventListener("input", () => { this.#isSeeking = true; });
    this.#seek.addEventListener("change", () => {
      this.#isSeeking = false;
      listener.onSeek(Number(this.#seek.value));
    });
    this.#rate.addEventListener("change", () => listener.onRate(Number(this.#rate.value)));
    this.#next.addEventListener("click", () => listener.onNext());
    this.#stop.addEventListener("click", () => listener.onStop());
    this.#volume.addEventListener("input", () => listener.onVolume(Number(this.#volume.value)));
    this.#full.addEventListener("click", () => listener.onFull());
  }

  /** @param {boolean} mayCommand @param {boolean} hasNext */
  rights(mayCommand, hasNext) {
    this.#play.hidden = this.#rate.hidden = this.#stop.hidden = !mayCommand;
    this.#next.hidden = !mayCommand || !hasNext;
    this.#seek.disabled = !mayCommand;
  }

  /** @param {string} title */
  set title(title) {
    this.#title.replaceChildren(bdi(title));
    this.#title.title = title;
  }

  /** @param {boolean} isPlaying @param {number} rate */
  state(isPlaying, rate) {
    this.#isPlaying = isPlaying;
    this.#play.replaceChildren(icon(isPlaying ? "pause" : "play"));
    this.#play.setAttribute("aria-label", isPlaying ? t("watch.pause") : t("watch.play"));
    if (RATES.includes(rate)) this.#rate.value = String(rate);
  }

  /** @param {number} position @param {number} whole @param {number | null} skew  seconds; null: nothing to compare */
  at(position, whole, skew) {
    this.#seek.max = String(whole || Math.max(1, position));
    if (!this.#isSeeking) this.#seek.value = String(position);
    this.#seek.setAttribute("aria-valuetext", t("player.position", { at: duration(position), whole: duration(whole) }));
    this.#time.textContent = whole > 0 ? `${duration(position)} / ${duration(whole)}` : duration(position);
    this.#skew.textContent = skew === null ? "" : `${skew < 0 ? "−" : "+"}${Math.abs(Math.round(skew * 1000))} ms`;
  }
}
