import { chooseLanguage, LANGUAGES } from "../text/language.js";
import { language, t } from "../text/text.js";
import { element } from "./element.js";
import { showShortcuts } from "./keyboard.js";

/** What stands at the end of a page: its language, and its keys. @param {HTMLElement} foot */
export function fillFoot(foot) {
  const options = Object.entries(LANGUAGES).map(([code, name]) => element("option", { value: code, lang: code, selected: code === language }, name));
  const choice = element("select", { "aria-label": t("language") }, ...options);
  choice.addEventListener("change", () => chooseLanguage(choice.value));
  const keys = element("button", { type: "button", class: "link keys-button" }, t("keys.title"), " ", element("kbd", { "aria-hidden": "true" }, "?"));
  keys.addEventListener("click", showShortcuts);
  foot.append(choice, keys);
}
