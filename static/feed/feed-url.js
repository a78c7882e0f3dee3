/**
 * The feed's address: the page's own host, unless `?feed=` names another WebSocket address.
 * @param {{protocol: string, host: string, search: string}} location
 */
export function feedUrl(location) {
  const own = `${location.protocol === "https:" ? "wss:" : "ws:"}//${location.host}/ws/feed/`;
  const other = new URLSearchParams(location.search).get("feed");
  return other && /^wss?:\/\/[^/]/i.test(other) && URL.canParse(other) ? other : own;
}
