import { errorFrom, RequestError, unreachable } from "../client/http.js";
import { sentenceOf } from "../text/problems.js";
import { t } from "../text/text.js";
import { mediaUrl } from "./media.js";

/**
 * Plays one medium at a time.
 *
 * @typedef {import("./media.js").MediaItem} MediaItem
 * @typedef {"empty" | "loading" | "playing" | "paused" | "failed"} PlayerPhase
 *
 * @typedef {object} PlayerEnvironment
 * @property {HTMLAudioElement} audio
 * @property {() => string | null} token
 * @property {() => void} onUnauthenticated  the server no longer takes the token
 * @property {typeof fetch} fetch
 */

export class Player extends EventTarget {
  /** @type {PlayerEnvironment} */ #env;
  /** @type {MediaItem | null} */ item = null;
  /** @type {PlayerPhase} */ phase = "empty";
  /** Why it failed, as a sentence. */
  problem = "";

  /** @param {PlayerEnvironment} environment */
  constructor(environment) {
    super();
    this.#env = environment;
    const { audio } = environment;
    audio.addEventListener("playing", () => this.#enter("playing"));
    audio.addEventListener("waiting", () => this.#enter("loading"));
    audio.addEventListener("pause", () => this.#enter("paused"));
    audio.addEventListener("error", () => this.#fail());
    for (const type of ["timeupdate", "durationchange", "seeked"]) audio.addEventListener(type, () => this.#changed());
  }

  get position() {
    return this.#env.audio.currentTime || 0;
  }

  /** Seconds, or 0 while unknown. */
  get duration() {
    const { duration } = this.#env.audio;
    return Number.isFinite(duration) ? duration : 0;
  }

  /**
   * Starts this medium from its beginning. Without a token nothing happens: the caller asks for a sign-in first.
   * @param {MediaItem} item
   */
  play(item) {
    const token = this.#env.token();
    if (token === null) return;
    this.item = item;
    this.problem = "";
    this.#env.audio.src = mediaUrl(item.mediaId, token);
    this.#enter("loading");
    this.#start();
  }

  /** Pauses or goes on; after a failure it tries again. */
  toggle() {
    if (!this.item) return;
    if (this.phase === "failed") this.play(this.item);
    else if (this.#env.audio.paused) this.#start();
    else this.#env.audio.pause();
  }

  /** @param {number} seconds */
  seek(seconds) {
    this.#env.audio.currentTime = seconds;
  }

  /** Stops and forgets the medium, and with it the token in its address. */
  clear() {
    this.item = null;
    this.#env.audio.pause();
    this.#env.audio.removeAttribute("src");
    this.#env.audio.load();
    this.#enter("empty");
  }

  #start() {
    this.#env.audio.play().catch((/** @type {DOMException} */ error) => {
      // Browsers want a click before the first sound. Other failures come as the element's `error` event.
      if (error.name === "NotAllowedError") this.#enter("paused");
    });
  }

  /** The element doesn't say why it failed, so the server is asked for a single byte. */
  async #fail() {
    const { item } = this;
    if (!item) return;
    const why = await this.#reason(item);
    if (this.item !== item) return;
    this.problem = sentenceOf(why);
    this.#enter("failed");
    if (why.status === 401) this.#env.onUnauthenticated();
  }

  /** @param {MediaItem} item */
  async #reason(item) {
    const token = this.#env.token() ?? "";
    const { fetch } = this.#env;
    try {
      const response = await fetch(mediaUrl(item.mediaId, token), { headers: { Range: "bytes=0-0" } });
      if (!response.ok) return errorFrom(response.status, await response.text());
      await response.body?.cancel();
      const type = response.headers.get("Content-Type") ?? "unknown type";
      return new RequestError(t("media.unplayable", { type }), { status: response.status });
    } catch {
      return unreachable();
    }
  }

  /** @param {PlayerPhase} phase */
  #enter(phase) {
    if (phase !== "empty" && this.item === null) return;
    // The element reports a pause after an error, too; the error is what counts.
    if (this.phase === "failed" && phase === "paused") return;
    this.phase = phase;
    this.#changed();
  }

  #changed() {
    this.dispatchEvent(new Event("change"));
  }
}
