import { Server } from "../client/server.js";

/** The page's own server. All parts of a page share one session. */
export const parlor = new Server();

// Whoever comes back from a sign-in elsewhere has a cookie.
if (location.search === "?signed-in") {
  await parlor.session.adopt();
  history.replaceState(null, "", location.pathname + location.hash);
}

// Signing in or out in one tab does so in all.
addEventListener("storage", () => parlor.session.reload());

/**
 * Tells a channel when the network or the visitor is back, and when the browser believes that the network is gone.
 * @param {{wake: () => void, check?: () => void}} channel
 */
export function keepAwake(channel) {
  addEventListener("online", () => channel.wake());
  addEventListener("offline", () => channel.check?.());
  addEventListener("pageshow", (event) => event.persisted && channel.wake());
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && channel.wake());
}

/**
 * A file of this server, from the page's own address: the server may call itself by another name than the visitor does.
 * @param {string | null | undefined} url
 */
export function ownFile(url) {
  if (!url || !URL.canParse(url, location.href)) return null;
  const { pathname, search, href, protocol } = new URL(url, location.href);
  if (pathname.startsWith("/media/")) return pathname + search;
  return /^https?:$/.test(protocol) ? href : null;
}
