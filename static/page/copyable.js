import { t } from "../text/text.js";
import { element } from "./element.js";

/** How long a button says what came of it, in milliseconds. */
const SHOWN_FOR = 1_500;

/**
 * A text that can't be changed, with a button that copies it.
 *
 * @param {string} label
 * @param {string} text
 */
export function copyable(label, text) {
  const input = element("input", { type: "text", readonly: true, value: text, "aria-label": label });
  const copy = element("button", { type: "button", class: "primary" }, t("copy"));
  input.addEventListener("focus", () => input.select());
  copy.addEventListener("click", async () => {
    // Pages on plain http from another machine have no clipboard.
    const copied = await navigator.clipboard?.writeText(text).then(() => true, () => false);
    if (!copied) input.select();
    copy.textContent = copied ? t("copied") : t("share.select");
    setTimeout(() => { copy.textContent = t("copy"); }, SHOWN_FOR);
  });
  return element("div", { class: "field" }, element("span", { class: "label" }, label), element("div", { class: "joined" }, input, copy));
}
