import { mediaUrl } from "../feed/media.js";
import { ownFile } from "../page/here.js";
import { attachFile, NativePlayer } from "./native-player.js";
import { playable } from "./source.js";
import { attachStream } from "./stream.js";
import { YouTubePlayer } from "./youtube-player.js";

/**
 * The player that an item needs; none if this page has none for it.
 *
 * @param {Record<string, any>} item
 * @param {HTMLElement} screen
 * @param {string | null} token
 * @returns {NativePlayer | YouTubePlayer | null}
 */
export function openPlayer(item, screen, token) {
  const wanted = playable(/** @type {any} */ (withAddress(item, token)));
  if (!wanted) return null;
  if (wanted.player === "youtube") return new YouTubePlayer(screen, wanted.source);
  return new NativePlayer(screen, wanted.source, ownFile(item.poster), wanted.player === "stream" ? attachStream : attachFile);
}

/**
 * A medium of this server under its secret name is anybody's who knows it; else it is had with the session, whose token goes into the
 * address, since an element can't send headers.
 * @param {Record<string, any>} item
 * @param {string | null} token
 */
function withAddress(item, token) {
  if (item.provider !== "media") return item;
  const own = ownFile(item.url);
  return { ...item, url: own?.startsWith("/media/") ? own : mediaUrl(item.video_id, token ?? "") };
}
