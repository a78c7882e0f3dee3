import { closeSentence } from "../text/problems.js";
import { t } from "../text/text.js";
import { clock, fullTime } from "./format.js";

/**
 * Shows the state of a connection: a badge in the header and, when something is wrong, a line with the reason.
 *
 * @typedef {import("../client/connection.js").ConnectionState} ConnectionState
 *
 * @typedef {object} ConnectionBadgeParts
 * @property {HTMLElement} badge
 * @property {HTMLElement} dot
 * @property {HTMLElement} label
 * @property {HTMLElement} since
 * @property {HTMLElement} trouble  the line with the reason
 * @property {HTMLElement} reason
 * @property {HTMLElement} retry  the button
 * @property {HTMLElement} spoken  for screen readers: said once per change, not once per second
 */

export class ConnectionBadge {
  /** @type {ConnectionBadgeParts} */ #parts;
  /** @type {ConnectionState} */ #state = { kind: "idle" };
  /** What was last said about a lost connection; it stays up while the next attempt is on its way. */
  #lastReason = "";
  /** @type {ReturnType<typeof setInterval> | undefined} */ #countdown;

  /** @param {ConnectionBadgeParts} parts @param {() => void} onRetry */
  constructor(parts, onRetry) {
    this.#parts = parts;
    parts.retry.addEventListener("click", onRetry);
  }

  /** @param {ConnectionState} state */
  show(state) {
    this.#state = state;
    clearInterval(this.#countdown);
    if ("closed" in state) this.#lastReason = closeSentence(state.closed);
    if (state.kind === "open") this.#lastReason = "";
    if (state.kind === "waiting") this.#countdown = setInterval(() => this.#showLabel(), 250);
    this.#parts.badge.dataset.state = state.kind;
    this.#showLabel();
    this.#showSince();
    this.#showTrouble();
    this.#say(spoken(state, this.#lastReason));
  }

  /** One heartbeat: the dot swells once. */
  beat() {
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
    this.#parts.dot.animate(
      [{ transform: "scale(1)" }, { transform: "scale(1.7)", offset: 0.3 }, { transform: "scale(1)" }],
      { duration: 700, easing: "ease-out" },
    );
  }

  #showLabel() {
    this.#parts.label.textContent = label(this.#state);
  }

  #showSince() {
    const { since } = this.#parts;
    since.hidden = this.#state.kind !== "open";
    if (this.#state.kind !== "open") return;
    since.textContent = t("badge.since", { time: clock(this.#state.since) });
    since.title = fullTime(this.#state.since);
  }

  #showTrouble() {
    const { trouble, reason, retry } = this.#parts;
    trouble.hidden = this.#lastReason === "";
    reason.textContent = this.#lastReason;
    retry.hidden = this.#state.kind === "connecting";
  }

  /** @param {string} sentence */
  #say(sentence) {
    if (this.#parts.spoken.textContent !== sentence) this.#parts.spoken.textContent = sentence;
  }
}

/** @param {ConnectionState} state */
function label(state) {
  switch (state.kind) {
    case "idle": return t("badge.idle");
    case "connecting": return state.attempt > 0 ? t("badge.reconnecting") : t("badge.connecting");
    case "open": return t("badge.open");
    case "waiting": return t("badge.waiting", { seconds: Math.max(1, Math.ceil((state.retryAt - Date.now()) / 1000)) });
    case "offline": return t("badge.offline");
    case "closed": return t("badge.closed");
  }
}

/** @param {ConnectionState} state @param {string} reason */
function spoken(state, reason) {
  switch (state.kind) {
    case "open": return t("spoken.open");
    case "offline": return t("spoken.offline");
    case "closed": return t("spoken.closed", { reason });
    // While attempts alternate with waits there is nothing new to say.
    case "waiting": return t("spoken.lost");
    case "connecting": return reason ? t("spoken.lost") : t("spoken.connecting");
    case "idle": return t("spoken.idle");
  }
}
