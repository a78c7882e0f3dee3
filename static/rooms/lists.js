import { bdi, element, icon } from "../page/element.js";
import { t } from "../text/text.js";
import { roomAddress } from "./address.js";

/**
 * Rooms as lists: one's own with what is unread, and those that anybody may see.
 */

/** A room of one's own. @param {Record<string, any>} room */
export function ownRoom(room) {
  const last = room.last_message;
  const line = room.status === "PENDING" ? [t("lists.pending")] : last ? [bdi(last.user), ": ", bdi(last.message || t("aFile"))] : [t("nothingSaid")];
  const unread = room.unread > 0 ? [element("span", { class: "unread", "aria-label": t("unread", { count: room.unread }) }, room.unread > 99 ? "99+" : String(room.unread))] : [];
  return entry(room, line, ...unread);
}

/** A room of the public list. @param {Record<string, any>} room */
export function publicRoom(room) {
  const viewers = room.viewers > 0 ? t("lists.viewers", { count: room.viewers }) : t("lists.nobody");
  const locked = room.entry_mode === "OPEN" ? [] : [icon("lock")];
  return entry(room, [bdi(room.host), ` · ${viewers}`], ...locked);
}

/** @param {Record<string, any>} room @param {(Node | string)[]} line @param {...Node} more */
function entry(room, line, ...more) {
  return element("li", {},
    element("a", { class: "room-entry", href: roomAddress(room.code) },
      element("span", { class: "room-entry-text" },
        element("span", { class: "room-entry-name" }, bdi(room.name || room.code)),
        element("span", { class: "room-entry-line" }, ...line)),
      ...more));
}

/**
 * A list with its heading; nothing at all if it is empty.
 * @param {string} heading
 * @param {HTMLElement[]} entries
 * @param {number} [shown]  so many at first, the others when asked for
 */
export function section(heading, entries, shown = 5) {
  if (entries.length === 0) return [];
  const list = element("ul", { class: "room-list" }, ...entries.slice(0, shown));
  const whole = element("section", {}, element("h3", {}, heading), list);
  if (entries.length > shown) {
    const more = element("button", { type: "button", class: "link" }, t("lists.showAll", { count: entries.length }));
    more.addEventListener("click", () => {
      list.append(...entries.slice(shown));
      more.remove();
    });
    whole.append(more);
  }
  return [whole];
}
