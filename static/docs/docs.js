/**
 * The page of the API: reads the server's own descriptions and shows them, call by call and message by message.
 *
 * What knows nothing of the page, and is tested under tests/: document.js and sockets.js (what there is) and curl.js (a line
 * to try). What shows it: call-view.js and socket-view.js, made of ../page/element.js and index.html.
 */

import { byId, element } from "../page/element.js";
import { callView, prose } from "./call-view.js";
import { groups } from "./document.js";
import { channelView, closeCodesView, messageView } from "./socket-view.js";
import { channels, closeCodes, messages } from "./sockets.js";

const filter = /** @type {HTMLInputElement} */ (byId("filter"));
/** Everything that can be found: its words, its link and its view. @type {{words: string, link: HTMLElement, view: HTMLElement}[]} */
const shown = [];

try {
  showCalls(await read("openapi.json"));
  showSockets(await read("asyncapi.json"));
} catch (error) {
  byId("problem").hidden = false;
  byId("problem").textContent = `The description could not be read from the server: ${/** @type {Error} */ (error).message}`;
}
filter.addEventListener("input", narrow);
addEventListener("hashchange", openNamed);
openNamed();

async function read(name) {
  const answer = await fetch(`../${name}`);
  if (!answer.ok) throw new Error(`it answered ${answer.status}`);
  return answer.json();
}

function showCalls(described) {
  byId("about").append(...prose(described.info?.description ?? ""));
  for (const group of groups(described, location.origin)) {
    const entries = group.calls.map((call) =>
      ({ kind: call.method, name: call.path, id: call.id, words: `${call.method} ${call.path} ${call.summary}`, view: callView(call) }));
    addGroup(group.name, [element("p", { class: "group-about" }, group.about)], entries);
  }
}

function showSockets(described) {
  const about = element("p", { class: "group-about" }, ...prose(described.info?.description ?? ""));
  const codes = element("div", { class: "scrolled", tabindex: "0", "aria-label": "Codes of closes" }, closeCodesView(closeCodes(described)));
  const sockets = channels(described).map((channel) =>
    ({ kind: "WS", name: channel.address, id: channel.id, words: `socket ${channel.address} ${channel.title}`, view: channelView(channel) }));
  addGroup("Sockets", [about, codes], sockets);
  addMessages("Said on sockets", "What clients may say.", "says", messages(described, "client"));
  addMessages("Heard on sockets", "What clients hear.", "hears", messages(described, "server"));
}

function addMessages(title, about, who, all) {
  const entries = all.map((message) =>
    ({ kind: who, name: message.name, id: message.id, words: `${who} ${message.name} ${message.summary}`, view: messageView(message, who) }));
  addGroup(title, [element("p", { class: "group-about" }, about)], entries);
}

/** A section of the page, and one of its contents. */
function addGroup(title, intro, entries) {
  const links = entries.map((entry) => element("li", {}, link(entry)));
  byId("contents").append(element("section", {}, element("h2", {}, title), element("ul", {}, ...links)));
  const heading = element("h2", { id: `group-${title.replaceAll(" ", "-")}` }, title);
  byId("groups").append(element("section", { class: "group" }, heading, ...intro, ...entries.map(({ view }) => view)));
  entries.forEach(({ words, view }, at) => shown.push({ words: words.toLowerCase(), link: links[at], view }));
}

function link({ kind, name, id }) {
  const method = element("span", { class: `method ${kind.toLowerCase()}` }, kind);
  return element("a", { href: `#${id}` }, method, element("span", { class: "path" }, name));
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
  byId("found").textContent = count === 1 ? "1 found" : `${count} found`;
}

/** What the address names is open, and on the screen. */
function openNamed() {
  const named = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!(named instanceof HTMLDetailsElement)) return;
  named.open = true;
  named.scrollIntoView();
}
