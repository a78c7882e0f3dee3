import { t } from "../text/text.js";

/**
 * Media on the server.
 *
 * @typedef {{mediaId: string, title: string}} MediaItem
 */

/**
 * The tunes that ship with the project; their ids are fixed.
 * @type {readonly MediaItem[]}
 */
export const PREDEFINED = Object.freeze([
  { mediaId: "904cb473-5d17-4885-9363-46f466a7d140", title: "Arrival" },
  { mediaId: "fc2fb807-ee87-4c3d-8743-39987ba0670f", title: "Conversation" },
  { mediaId: "86b620bc-b1e7-4c90-a562-6d4991c9c15f", title: "Evening" },
]);

/**
 * Where a medium is to be had. An audio element can't send headers, so the token goes into the address; a cookie needs none.
 * @param {string} mediaId
 * @param {string} token
 */
export function mediaUrl(mediaId, token) {
  return `/media_get/?${new URLSearchParams({ media_id: mediaId, ...(token ? { token } : {}) })}`;
}

/** Names of media by id: the tunes, and what this visitor has uploaded. */
export class MediaTitles {
  /** @type {Map<string, string>} */
  #titles = new Map(PREDEFINED.map(({ mediaId, title }) => [mediaId, title]));

  /** @param {string} mediaId @param {string} title */
  learn(mediaId, title) {
    this.#titles.set(mediaId.toLowerCase(), title);
  }

  /** @param {string} mediaId */
  of(mediaId) {
    return this.#titles.get(mediaId.toLowerCase()) ?? t("media.audio", { id: mediaId.slice(0, 8) });
  }
}
