/**
 * On a phone one part of the page is shown at a time; the address says which, so that "back" works.
 */

const VIEWS = ["rooms", "feed", "listen", "share"];

/** @param {HTMLElement} nav  holds a link `#/<view>` for each */
export function startViews(nav) {
  addEventListener("hashchange", () => show(nav));
  show(nav);
}

/**
 * Shows a view at once, so that something in it can take the focus.
 * @param {HTMLElement} nav
 * @param {string} view
 */
export function goTo(nav, view) {
  location.hash = `#/${view}`;
  show(nav);
}

/** @param {HTMLElement} nav */
function show(nav) {
  const named = location.hash.replace(/^#\//, "");
  const view = VIEWS.includes(named) ? named : VIEWS[0];
  document.body.dataset.view = view;
  for (const link of nav.querySelectorAll("a")) {
    if (link.hash === `#/${view}`) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
}
