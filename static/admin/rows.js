import { bdi, element, icon } from "../page/element.js";
import { parlor } from "../page/here.js";
import { openMenu } from "../page/menu.js";
import { tellIfItFails } from "../page/toast.js";
import { t } from "../text/text.js";

/** Lists of the desk: a row says what something is, and a menu at its end what can be done with it. */

/** Rows, or a sentence that says that there is nothing. @param {HTMLElement} place @param {HTMLElement[]} rows @param {string} nothing */
export function showRows(place, rows, nothing) {
  const list = element("ul", { class: "rows" }, ...rows);
  place.replaceChildren(rows.length > 0 ? list : element("p", { class: "hint" }, nothing));
  return list;
}

/** A list of which more can be had. @param {HTMLElement} place @param {string} path @param {(item: any) => HTMLElement} row @param {string} nothing */
export async function showPage(place, path, row, nothing) {
  const { items, next } = await parlor.api.page(path);
  const rows = showRows(place, items.map(row), nothing);
  if (next) place.append(moreButton(rows, next, row));
}

/** @param {HTMLElement} rows @param {string} path @param {(item: any) => HTMLElement} row */
function moreButton(rows, path, row) {
  const button = element("button", { type: "button", class: "link" }, t("showMore"));
  button.addEventListener("click", () => tellIfItFails(parlor.api.page(path).then(({ items, next }) => {
    rows.append(...items.map(row));
    button.remove();
    if (next) rows.after(moreButton(rows, next, row));
  })));
  return button;
}

/** @param {string} name @param {string | (Node | string)[]} line @param {string[]} [tags] */
export const rowText = (name, line, tags = []) => [element("span", { class: "row-text" }, bdi(name), element("span", { class: "row-line" }, ...[line].flat())),
  ...tags.map((text) => element("span", { class: "tag quiet-tag" }, text))];

/** @param {string} name  of what the actions are for @param {import("../page/menu.js").Action[]} actions */
export function menuButton(name, actions) {
  const button = element("button", { type: "button", class: "icon-button", "aria-label": t("people.menu", { name }), "aria-haspopup": "menu" }, icon("more"));
  button.addEventListener("click", () => openMenu(button, actions));
  return button;
}
