import { t } from "../text/text.js";

/**
 * A video on YouTube, in its own frame, spoken to by the messages that its frame documents. It is loaded only when such a
 * video was chosen, from the host that sets no cookies before it plays.
 */
const HOST = "https://www.youtube-nocookie.com";
/** How often the frame is told that we listen, until it answers. */
const KNOCK = 250;
/** A frame that doesn't begin to play within this wants a click first. */
const BLOCKED_AFTER = 4_000;

const ERRORS = /** @type {Record<number, string>} */ ({
  2: t("youtube.2"), 5: t("youtube.5"), 100: t("youtube.100"),
  101: t("youtube.101"), 150: t("youtube.101"),
  153: t("youtube.153"),
});

export class YouTubePlayer extends EventTarget {
  /** Its rates are few, and each change is felt. */
  canNudge = false;
  hasPicture = true;
  isMuted = false;
  #frame = document.createElement("iframe");
  #state = -1;
  #time = 0;
  /** When that was so, by our clock. */
  #timeAt = 0;
  #rate = 1;
  duration = 0;
  isReady = false;
  /** @type {ReturnType<typeof setInterval> | undefined} */ #knocking;
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #blocked;
  #hear = (/** @type {MessageEvent} */ event) => this.#heard(event);

  /** @param {HTMLElement} screen @param {string} id */
  constructor(screen, id) {
    super();
    const parameters = new URLSearchParams({ enablejsapi: "1", controls: "0", disablekb: "1", playsinline: "1", rel: "0", origin: location.origin });
    this.#frame.src = `${HOST}/embed/${encodeURIComponent(id)}?${parameters}`;
    this.#frame.allow = "autoplay; encrypted-media; picture-in-picture";
    // It refuses to play for pages that don't say who they are.
    this.#frame.referrerPolicy = "strict-origin-when-cross-origin";
    this.#frame.title = t("watch.video");
    this.#frame.className = "video";
    addEventListener("message", this.#hear);
    this.#frame.addEventListener("load", () => {
      this.#knocking = setInterval(() => this.#post({ event: "listening", id: 1, channel: "widget" }), KNOCK);
    });
    screen.replaceChildren(this.#frame);
  }

  get position() {
    const passed = this.isPlaying ? ((performance.now() - this.#timeAt) / 1000) * this.#rate : 0;
    return this.#time + passed;
  }

  get isPlaying() {
    return this.#state === 1;
  }

  get isEnded() {
    return this.#state === 0;
  }

  async play() {
    this.#command("playVideo");
    clearTimeout(this.#blocked);
    this.#blocked = setTimeout(() => {
      if (this.#state === 1 || this.#state === 3) return;
      this.isMuted = true;
      this.#command("mute");
      this.#command("playVideo");
      this.dispatchEvent(new Event("blocked"));
    }, BLOCKED_AFTER);
  }

  pause() {
    clearTimeout(this.#blocked);
    this.#command("pauseVideo");
  }

  /** @param {number} seconds */
  seek(seconds) {
    this.#timeIs(seconds);
    this.#command("seekTo", seconds, true);
  }

  /** @param {number} rate */
  rate(rate) {
    if (rate === this.#rate) return;
    this.#rate = rate;
    this.#command("setPlaybackRate", rate);
  }

  /** @param {number} volume  from 0 to 1 */
  volume(volume) {
    this.isMuted = volume === 0;
    this.#command(this.isMuted ? "mute" : "unMute");
    this.#command("setVolume", Math.round(volume * 100));
  }

  close() {
    clearInterval(this.#knocking);
    clearTimeout(this.#blocked);
    removeEventListener("message", this.#hear);
    this.#frame.remove();
  }

  /** @param {string} name @param {...any} args */
  #command(name, ...args) {
    this.#post({ event: "command", func: name, args });
  }

  /** @param {object} message */
  #post(message) {
    this.#frame.contentWindow?.postMessage(JSON.stringify(message), HOST);
  }

  /** @param {MessageEvent} event */
  #heard({ origin, source, data }) {
    if (origin !== HOST || source !== this.#frame.contentWindow || typeof data !== "string") return;
    let message;
    try {
      message = JSON.parse(data);
    } catch {
      return;
    }
    clearInterval(this.#knocking);
    if (message?.event === "onReady") this.#ready();
    if (message?.event === "onError") this.dispatchEvent(new CustomEvent("problem", { detail: ERRORS[message.info] ?? t("youtube.other") }));
    if (message?.event === "initialDelivery" || message?.event === "infoDelivery") this.#info(message.info ?? {});
    if (message?.event === "onStateChange") this.#stateIs(message.info);
  }

  #ready() {
    if (this.isReady) return;
    this.isReady = true;
    this.dispatchEvent(new Event("ready"));
  }

  /** @param {any} info */
  #info({ currentTime, duration, playerState }) {
    this.#ready();
    if (typeof duration === "number") this.duration = duration;
    if (typeof currentTime === "number") this.#timeIs(currentTime);
    if (typeof playerState === "number") this.#stateIs(playerState);
    this.dispatchEvent(new Event("progress"));
  }

  /** @param {number} seconds */
  #timeIs(seconds) {
    this.#time = seconds;
    this.#timeAt = performance.now();
  }

  /** @param {number} state */
  #stateIs(state) {
    if (state === this.#state || typeof state !== "number") return;
    if (this.isPlaying) this.#timeIs(this.position);
    this.#state = state;
    this.#timeAt = performance.now();
    const names = /** @type {Record<number, string>} */ ({ 0: "ended", 1: "playing", 2: "paused" });
    if (names[state]) this.dispatchEvent(new Event(names[state]));
  }
}
