/**
 * Makes elements. Text only ever becomes text nodes, so nothing that arrives can become markup.
 */

const SVG = "http://www.w3.org/2000/svg";

/**
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, string | boolean>} [attributes]  `true` sets an empty attribute, `false` none
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== false) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children);
  return made;
}

/**
 * What somebody has written, within a line of ours: its direction is its own, so that a name in Arabic turns nothing around it.
 * @param {string} text
 */
export const bdi = (text) => element("bdi", {}, text);

/**
 * One of the symbols of icons.svg.
 * @param {string} name
 */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `./icons.svg#icon-${name}`);
  svg.append(use);
  return svg;
}

/**
 * An element of the page that must be there.
 * @template {HTMLElement} [T=HTMLElement]
 * @param {string} id
 * @returns {T}
 */
export function byId(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no element #${id}`);
  return /** @type {T} */ (found);
}

/**
 * Enables the buttons that a page's file has disabled until its modules are there: before that a click would do nothing, and a form
 * would be sent by the browser itself, which loads the page anew.
 * @param {HTMLElement} part
 */
export function wake(part) {
  for (const button of part.querySelectorAll("button[data-early]")) {
    button.removeAttribute("disabled");
    button.removeAttribute("data-early");
  }
}
