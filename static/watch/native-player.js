import { t } from "../text/text.js";

/**
 * Video and sound by the browser itself.
 *
 * Players tell by events: `ready`, `progress`, `playing`, `paused`, `ended`, `blocked` (the browser wants a click first), and
 * `problem` with a sentence.
 */
export class NativePlayer extends EventTarget {
  canNudge = true;
  #element = document.createElement("video");
  #wantsToPlay = false;
  #detach;

  /**
   * @param {HTMLElement} screen
   * @param {string} source
   * @param {string | null} poster
   * @param {typeof import("./stream.js").attachStream} attach  how the source gets into the element
   */
  constructor(screen, source, poster, attach = attachFile) {
    super();
    const video = this.#element;
    video.playsInline = true;
    video.preload = "auto";
    if (poster) video.poster = poster;
    video.className = "video";
    const tell = (/** @type {string} */ name) => () => this.dispatchEvent(new Event(name));
    video.addEventListener("canplay", tell("ready"));
    video.addEventListener("playing", tell("playing"));
    video.addEventListener("pause", tell("paused"));
    video.addEventListener("ended", tell("ended"));
    for (const name of ["timeupdate", "durationchange", "seeked", "waiting"]) video.addEventListener(name, tell("progress"));
    video.addEventListener("error", () => this.#fail());
    screen.replaceChildren(video);
    this.#detach = attach(video, source, () => this.#tellProblem(t("player.unknown")));
  }

  get position() {
    return this.#element.currentTime;
  }

  /** Seconds, or 0 while unknown. */
  get duration() {
    return Number.isFinite(this.#element.duration) ? this.#element.duration : 0;
  }

  get isPlaying() {
    return !this.#element.paused && !this.#element.ended;
  }

  get isReady() {
    return this.#element.readyState >= 3;
  }

  get isEnded() {
    return this.#element.ended;
  }

  /** Whether there are pictures, and not sound alone. */
  get hasPicture() {
    return this.#element.readyState < 1 || this.#element.videoWidth > 0;
  }

  async play() {
    this.#wantsToPlay = true;
    try {
      await this.#element.play();
    } catch (error) {
      if (/** @type {DOMException} */ (error).name !== "NotAllowedError" || !this.#wantsToPlay) return;
      // Without a click the browser plays no sound; pictures at least keep up with the others.
      this.#element.muted = true;
      this.dispatchEvent(new Event("blocked"));
      await this.#element.play().catch(() => undefined);
    }
  }

  pause() {
    this.#wantsToPlay = false;
    this.#element.pause();
  }

  /** @param {number} seconds */
  seek(seconds) {
    if (Math.abs(this.#element.currentTime - seconds) > 0.005) this.#element.currentTime = seconds;
  }

  /** @param {number} rate */
  rate(rate) {
    if (Math.abs(this.#element.playbackRate - rate) > 0.001) this.#element.playbackRate = rate;
  }

  get isMuted() {
    return this.#element.muted;
  }

  /** @param {number} volume  from 0 to 1 */
  volume(volume) {
    this.#element.volume = volume;
    this.#element.muted = volume === 0;
  }

  close() {
    this.#detach();
    this.#element.removeAttribute("src");
    this.#element.load();
    this.#element.remove();
  }

  #fail() {
    const { error } = this.#element;
    if (!this.#element.getAttribute("src")) return;
    const sentence = error?.code === 2 ? t("player.broken") : t("player.unknown");
    this.#tellProblem(sentence);
  }
  /** @param {string} sentence */
  #tellProblem(sentence) {
    this.dispatchEvent(new CustomEvent("problem", { detail: sentence }));
  }
}

/** A file is loaded by the element itself. @param {HTMLVideoElement} video @param {string} source */
export function attachFile(video, source) {
  video.src = source;
  return () => undefined;
}
