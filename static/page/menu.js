import { element } from "./element.js";

/**
 * A menu at a button: arrows go through it, Escape and a click elsewhere close it.
 *
 * @typedef {{label: string, run: () => void, isBad?: boolean}} Action
 */

/** @param {HTMLElement} at @param {Action[]} actions */
export function openMenu(at, actions) {
  const menu = element("div", { class: "menu", role: "menu", popover: "auto" });
  for (const { label, run, isBad } of actions) {
    const item = element("button", { type: "button", role: "menuitem", class: isBad ? "bad" : "" }, label);
    item.addEventListener("click", () => {
      menu.hidePopover();
      run();
    });
    menu.append(item);
  }
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    const items = [...menu.children];
    const step = event.key === "ArrowDown" ? 1 : items.length - 1;
    const next = items[(items.indexOf(/** @type {Element} */ (document.activeElement)) + step) % items.length];
    /** @type {HTMLElement} */ (next).focus();
  });
  menu.addEventListener("toggle", (event) => {
    if (/** @type {ToggleEvent} */ (event).newState !== "closed") return;
    menu.remove();
    if (document.activeElement === document.body) at.focus();
  });
  document.body.append(menu);
  menu.showPopover();
  place(menu, at.getBoundingClientRect());
  /** @type {HTMLElement | null} */ (menu.firstElementChild)?.focus();
}

/** Under the button if there is room, else above it. @param {HTMLElement} menu @param {DOMRect} at */
function place(menu, at) {
  const { width, height } = menu.getBoundingClientRect();
  const top = at.bottom + height + 8 < innerHeight ? at.bottom + 4 : Math.max(8, at.top - height - 4);
  menu.style.top = `${top}px`;
  menu.style.left = `${Math.min(Math.max(8, at.right - width), innerWidth - width - 8)}px`;
}
