import { t } from "../text/text.js";

/**
 * The keys of a page. Those of one character do something wherever nobody is writing; `?` lists them all.
 *
 * @typedef {object} Shortcut
 * @property {string[]} keys  as they are shown, and as events name them
 * @property {string} label
 * @property {(key: string) => void} [run]  none: some part of the page hears it by itself
 */

/** @type {Shortcut[]} */
const known = [];

/** @param {...Shortcut} shortcuts */
export function addShortcuts(...shortcuts) {
  known.push(...shortcuts);
}

/** Shows the list; what it is made of is loaded when it is wanted. */
export async function showShortcuts() {
  const [{ openDialog }, { element }] = await Promise.all([import("./dialog.js"), import("./element.js")]);
  if (document.querySelector("dialog[open]")) return;
  const rows = known.map(({ keys, label }) => element("div", {}, element("dt", {}, ...keys.map((key) => element("kbd", {}, key))), element("dd", {}, label)));
  openDialog(t("keys.title"), element("dl", { class: "keys" }, ...rows));
}

/** @param {KeyboardEvent} event */
function heard(event) {
  const isWriting = /** @type {HTMLElement} */ (event.target).closest?.("input:not([type=range], [type=checkbox]), textarea, select, dialog, [popover]");
  if (isWriting || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  const shortcut = known.find(({ keys, run }) => run && keys.includes(event.key.length === 1 ? event.key.toLowerCase() : event.key));
  if (!shortcut) return;
  event.preventDefault();
  shortcut.run?.(event.key);
}

addShortcuts({ keys: ["?"], label: t("keys.help"), run: showShortcuts }, { keys: ["Esc"], label: t("keys.escape") });
addEventListener("keydown", heard);
