import { avatar } from "../page/avatar.js";
import { bdi, element, icon } from "../page/element.js";
import { openMenu } from "../page/menu.js";
import { roomAddress } from "../rooms/address.js";
import { t } from "../text/text.js";

/**
 * Private conversations as a list. A conversation is a room of just these people, and opens as one.
 *
 * @typedef {{id: number, display_name: string, username?: string, profile_picture?: string | null}} Partner
 * @typedef {{code: string, name?: string | null, participants: Partner[], last_message: any, unread?: number, unread_count?: number}} Talk
 */

/** The others in a conversation. @param {Talk} talk @param {number | undefined} me */
export const partners = (talk, me) => talk.participants.filter(({ id }) => id !== me);

/** What a conversation is called. @param {Talk} talk @param {number | undefined} me */
export function nameOf(talk, me) {
  const others = partners(talk, me).map(({ display_name: name }) => name);
  return talk.name || others.join(", ") || t("notes");
}

/**
 * @param {Talk} talk
 * @param {number | undefined} me
 * @param {(partner: Partner) => void} onBlock
 */
export function talkEntry(talk, me, onBlock) {
  const others = partners(talk, me);
  const unread = talk.unread_count ?? talk.unread ?? 0;
  const last = talk.last_message;
  const line = last ? [bdi(last.sender_id === me ? t("inbox.you") : last.user ?? ""), ": ", bdi(last.message || t("aFile"))] : [t("nothingSaid")];
  const name = nameOf(talk, me);
  const link = element("a", { href: roomAddress(String(talk.code)) }, avatar(name, others[0]?.profile_picture),
    element("span", { class: "talk-text" }, element("span", { class: "talk-name" }, bdi(name)), element("span", { class: "talk-line" }, ...line)),
    ...(unread > 0 ? [element("span", { class: "unread", "aria-label": t("unread", { count: unread }) }, unread > 99 ? "99+" : String(unread))] : []));
  const row = element("li", { class: "talk" }, link);
  if (others.length === 1) {
    const more = element("button", { type: "button", class: "icon-button", "aria-label": t("people.menu", { name }), "aria-haspopup": "menu" }, icon("more"));
    more.addEventListener("click", () => openMenu(more, [{ label: t("inbox.blockWho", { name }), isBad: true, run: () => onBlock(others[0]) }]));
    row.append(more);
  }
  return row;
}

/** Somebody who was found. @param {any} person @param {() => void} onPick */
export function personEntry(person, onPick) {
  const pick = element("button", { type: "button", class: "pick" }, avatar(person.display_name, person.photo),
    element("span", { class: "talk-text" }, element("span", { class: "talk-name" }, bdi(person.display_name)), element("span", { class: "talk-line" }, person.username)));
  pick.addEventListener("click", onPick);
  return element("li", { class: "talk" }, pick);
}
