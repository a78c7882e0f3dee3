import { t } from "../text/text.js";

/** Without another word of it, somebody has stopped typing, in milliseconds. */
export const TYPING_ENDS = 6_000;

/** Who is typing at the moment. */
export class Typists {
  /** @type {Map<number, {name: string, until: number}>} */ #typing = new Map();

  /** @param {{user_id: number, user: string, is_typing: boolean}} frame @param {number} now */
  heard({ user_id: id, user, is_typing: isTyping }, now) {
    if (isTyping) this.#typing.set(id, { name: user, until: now + TYPING_ENDS });
    else this.#typing.delete(id);
  }

  /** Somebody has sent something, or has left. @param {number} id */
  stopped(id) {
    this.#typing.delete(id);
  }

  /** @param {number} now @returns {string} a sentence, or nothing */
  sentence(now) {
    for (const [id, { until }] of this.#typing) if (until <= now) this.#typing.delete(id);
    const names = [...this.#typing.values()].map(({ name }) => name);
    if (names.length === 0) return "";
    if (names.length === 1) return t("typing.one", { name: names[0] });
    if (names.length === 2) return t("typing.two", { name: names[0], other: names[1] });
    return t("typing.many");
  }

  get isEmpty() {
    return this.#typing.size === 0;
  }
}
