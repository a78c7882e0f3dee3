/**
 * Shows one kind of sockets, one message, and the codes of closes.
 */

import { element } from "../page/element.js";
import { come, example, fieldTable, prose } from "./call-view.js";

/**
 * @param {import("./sockets.js").Channel} channel
 * @returns {HTMLDetailsElement}
 */
export function channelView(channel) {
  const parts = [
    element("p", {}, ...prose(channel.about)),
    element("p", { class: "credentials" }, channel.credentials),
    ...channel.says.flatMap((exchange) => exchangeView(exchange)),
    ...channel.hears.flatMap((exchange) => exchangeView(exchange)),
  ];
  return folded(channel.id, "socket", channel.address, channel.title, parts);
}

function exchangeView({ about, messages }) {
  const links = messages.map(({ id, name }) => element("li", {}, element("a", { href: `#${id}` }, element("code", {}, name))));
  return [element("h3", {}, ...prose(about)), element("ul", { class: "exchanged" }, ...links)];
}

/**
 * @param {import("./sockets.js").Message} message
 * @param {"says" | "hears"} who  the client
 * @returns {HTMLDetailsElement}
 */
export function messageView(message, who) {
  const parts = [
    ...message.examples.map((line) => example(line)),
    ...(message.fields.length > 0 ? [element("h3", {}, "Fields"), fieldTable(who === "says" ? message.fields : come(message.fields))] : []),
  ];
  return folded(message.id, who, message.name, message.summary, parts);
}

function folded(id, kind, name, sentence, parts) {
  const mark = element("span", { class: `method ${kind}` }, kind.toUpperCase());
  const summary = element("summary", {}, mark, element("span", { class: "path" }, name), element("span", { class: "sentence" }, ...prose(sentence)));
  return element("details", { class: "call of-sockets", id }, summary, element("div", { class: "call-parts" }, ...parts));
}

/** @param {import("./sockets.js").CloseCode[]} codes */
export function closeCodesView(codes) {
  const head = ["Close", "Status", "Code", "What it means", "Reconnect?"].map((name) => element("th", { scope: "col" }, name));
  const rows = codes.map(({ close, status, code, message, reconnect }) =>
    element("tr", {}, ...[close, status, code].map((cell) => element("td", {}, element("code", {}, cell))),
      element("td", {}, message), element("td", {}, ...prose(reconnect))));
  return element("table", { class: "codes" }, element("thead", {}, element("tr", {}, ...head)), element("tbody", {}, ...rows));
}
