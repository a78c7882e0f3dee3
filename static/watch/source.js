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
  if (!URL.canParse(wish)) return { problem: "Paste a link: to a video or sound file, or to YouTube." };
  const url = new URL(wish);
  if (YOUTUBE.has(url.hostname)) {
    const id = youtubeId(url);
    return id ? { provider: "youtube", video_id: id } : { problem: "That link leads to no single video." };
  }
  if (url.protocol === "https:") return { url: url.href };
  return { problem: "Only links that begin with https:// can be watched here." };
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
 * @returns {{player: "youtube" | "native", source: string} | null}
 */
export function playable({ provider, video_id: id, url }) {
  if (provider === "youtube") return VIDEO_ID.test(id) ? { player: "youtube", source: id } : null;
  const source = url || (provider === "url" ? id : "");
  return source ? { player: "native", source } : null;
}

/** What an item is called. @param {{title?: string | null, provider: string, video_id: string, url?: string | null} | null} item */
export function titleOf(item) {
  if (!item) return "";
  if (item.title) return item.title;
  if (item.provider === "youtube") return "A video on YouTube";
  const path = (item.url || item.video_id).split(/[?#]/)[0];
  try {
    return decodeURIComponent(path.split("/").filter(Boolean).at(-1) ?? path);
  } catch {
    return path;
  }
}
