import { element, icon } from "../page/element.js";
import { plural } from "../page/format.js";
import { roomAddress } from "./address.js";

/**
 * Rooms as lists: one's own with what is unread, and those that anybody may see.
 */

/** A room of one's own. @param {Record<string, any>} room */
export function ownRoom(room) {
  const last = room.last_message;
  const line = room.status === "PENDING" ? "Waiting to be let in" : last ? `${last.user}: ${last.message || "a file"}` : "Nothing said yet";
  const unread = room.unread > 0 ? [element("span", { class: "unread", "aria-label": plural(room.unread, "unread message") }, room.unread > 99 ? "99+" : String(room.unread))] : [];
  return entry(room, line, ...unread);
}

/** A room of the public list. @param {Record<string, any>} room */
export function publicRoom(room) {
  const viewers = room.viewers > 0 ? `${room.viewers} here` : "nobody here";
  const locked = room.entry_mode === "OPEN" ? [] : [icon("lock")];
  return entry(room, `${room.host} · ${viewers}`, ...locked);
}

/** @param {Record<string, any>} room @param {string} line @param {...Node} more */
function entry(room, line, ...more) {
  return element("li", {},
    element("a", { class: "room-entry", href: roomAddress(room.code) },
      element("span", { class: "room-entry-text" },
        element("span", { class: "room-entry-name" }, room.name || room.code),
        element("span", { class: "room-entry-line" }, line)),
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
    const more = element("button", { type: "button", class: "link" }, `Show all ${entries.length}`);
    more.addEventListener("click", () => {
      list.append(...entries.slice(shown));
      more.remove();
    });
    whole.append(more);
  }
  return [whole];
}
