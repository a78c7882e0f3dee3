import { t } from "../text/text.js";
import { isStream } from "./stream.js";

/**
 * What somebody wants to watch, read from what they have pasted.
 *
 * @typedef {{media_id: string} | {provider: "youtube", video_id: string} | {url: string}} Source
 */

const VIDEO_ID = /^[A-Za-z0-9_-]{11}$/;
const MEDIA_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const YOUTUBE = new Set(["youtube.com", "www.youtube.com", "m.youtube.com", "music.youtube.com", "www.youtube-nocookie.com", "youtu.be"]);

/**
 * @param {string} text
 * @returns {Source | {problem: string}}
 */
export function readSource(text) {
  const wish = text.trim();
  if (MEDIA_ID.test(wish)) return { media_id: wish.toLowerCase() };
  if (!URL.canParse(wish)) return { problem: t("source.link") };
  const url = new URL(wish);
  if (YOUTUBE.has(url.hostname)) {
    const id = youtubeId(url);
    return id ? { provider: "youtube", video_id: id } : { problem: t("source.noVideo") };
  }
  if (url.protocol === "https:") return { url: url.href };
  return { problem: t("source.https") };
}

/** @param {URL} url */
function youtubeId(url) {
  const [, first = "", second = ""] = url.pathname.split("/");
  const candidates = [url.searchParams.get("v") ?? "", url.hostname === "youtu.be" ? first : "", ["embed", "shorts", "live", "v"].includes(first) ? second : ""];
  return candidates.find((id) => VIDEO_ID.test(id)) ?? null;
}

/**
 * Which player an item needs, and what that player loads.
 * @param {{provider: string, video_id: string, url?: string | null}} item
 * @returns {{player: "youtube" | "native" | "stream", source: string} | null}
 */
export function playable({ provider, video_id: id, url }) {
  if (provider === "youtube") return VIDEO_ID.test(id) ? { player: "youtube", source: id } : null;
  const source = url || (provider === "url" ? id : "");
  if (!source) return null;
  return { player: isStream(source) ? "stream" : "native", source };
}

/** What an item is called. @param {{title?: string | null, provider: string, video_id: string, url?: string | null} | null} item */
export function titleOf(item) {
  if (!item) return "";
  if (item.title) return item.title;
  if (item.provider === "youtube") return t("source.youtube");
  const path = (item.url || item.video_id).split(/[?#]/)[0];
  try {
    return decodeURIComponent(path.split("/").filter(Boolean).at(-1) ?? path);
  } catch {
    return path;
  }
}
