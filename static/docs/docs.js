/**
 * The page of the HTTP API: reads the server's own description and shows it, call by call.
 *
 * What knows nothing of the page, and is tested under tests/: document.js (what there is) and curl.js (a line to try).
 * What shows it: call-view.js, made of ../page/element.js and index.html.
 */

import { byId, element } from "../page/element.js";
import { callView, prose } from "./call-view.js";
import { groups } from "./document.js";

const filter = /** @type {HTMLInputElement} */ (byId("filter"));
/** Every call's words, its link and its view. @type {{words: string, link: HTMLElement, view: HTMLElement}[]} */
const shown = [];

try {
  const answer = await fetch("../openapi.json");
  if (!answer.ok) throw new Error(`it answered ${answer.status}`);
  show(await answer.json());
} catch (error) {
  byId("problem").hidden = false;
  byId("problem").textContent = `The description could not be read from the server: ${/** @type {Error} */ (error).message}`;
}

function show(described) {
  byId("about").append(...prose(described.info?.description ?? ""));
  for (const group of groups(described, location.origin)) {
    const links = group.calls.map((call) => element("li", {}, link(call)));
    byId("contents").append(element("section", {}, element("h2", {}, group.name), element("ul", {}, ...links)));
    const views = group.calls.map((call) => callView(call));
    const heading = element("h2", { id: `group-${group.name}` }, group.name);
    byId("groups").append(element("section", { class: "group" }, heading, element("p", { class: "group-about" }, group.about), ...views));
    group.calls.forEach((call, at) => {
      shown.push({ words: `${call.method} ${call.path} ${call.summary}`.toLowerCase(), link: links[at], view: views[at] });
    });
  }
  filter.addEventListener("input", narrow);
  addEventListener("hashchange", openNamed);
  openNamed();
}

function link(call) {
  const method = element("span", { class: `method ${call.method.toLowerCase()}` }, call.method);
  return element("a", { href: `#${call.id}` }, method, element("span", { class: "path" }, call.path));
}

/** Leaves what has all the words that were typed. */
function narrow() {
  const words = filter.value.toLowerCase().split(/\s+/);
  let count = 0;
  for (const { words: known, link: item, view } of shown) {
    const fits = words.every((word) => known.includes(word));
    item.hidden = view.hidden = !fits;
    count += Number(fits);
  }
  for (const section of document.querySelectorAll("#contents > section, #groups > section")) {
    /** @type {HTMLElement} */ (section).hidden = !section.querySelector("li:not([hidden]), details.call:not([hidden])");
  }
  byId("found").textContent = count === 1 ? "1 call" : `${count} calls`;
}

/** The call that the address names is open, and on the screen. */
function openNamed() {
  const named = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!(named instanceof HTMLDetailsElement)) return;
  named.open = true;
  named.scrollIntoView();
}
