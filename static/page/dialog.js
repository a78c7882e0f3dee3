import { t } from "../text/text.js";
import { element, icon } from "./element.js";

/**
 * A dialog over the page. The browser keeps the focus inside and gives it back; Escape closes it.
 *
 * @param {string} title
 * @param {...(Node | string)} content
 * @returns {{dialog: HTMLDialogElement, close: () => void, closed: Promise<void>}}
 */
export function openDialog(title, ...content) {
  const close = element("button", { type: "button", class: "icon-button", "aria-label": t("close") }, icon("close"));
  const heading = element("h2", { id: "dialog-title" }, title);
  const dialog = element("dialog", { "aria-labelledby": "dialog-title" },
    element("div", { class: "dialog-head" }, heading, close),
    element("div", { class: "dialog-body" }, ...content));
  document.body.append(dialog);
  close.addEventListener("click", () => dialog.close());
  // A click beside it; the dialog's own box is covered by its content.
  dialog.addEventListener("pointerdown", (event) => event.target === dialog && dialog.close());
  const closed = new Promise((/** @type {(value: void) => void} */ resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve();
    });
  });
  dialog.showModal();
  return { dialog, close: () => dialog.close(), closed };
}

/**
 * Asks before something that can't be undone.
 * @param {string} title
 * @param {string} sentence
 * @param {string} yes
 * @returns {Promise<boolean>}
 */
export async function confirmed(title, sentence, yes) {
  let answer = false;
  const go = element("button", { type: "button", class: "primary danger" }, yes);
  const cancel = element("button", { type: "button", class: "quiet" }, t("cancel"));
  const { close, closed } = openDialog(title, element("p", {}, sentence), element("div", { class: "dialog-buttons" }, cancel, go));
  go.addEventListener("click", () => {
    answer = true;
    close();
  });
  cancel.addEventListener("click", close);
  cancel.focus();
  await closed;
  return answer;
}
