/**
 * Reads an AsyncAPI document: what the page shows of it, without any page.
 *
 * @typedef {Record<string, any>} Json
 * @typedef {{id: string, name: string, summary: string, fields: import("./document.js").Field[], examples: string[]}} Message
 * @typedef {{about: string, messages: {id: string, name: string}[]}} Exchange
 * @typedef {{id: string, address: string, title: string, about: string, credentials: string, says: Exchange[], hears: Exchange[]}} Channel
 * @typedef {{close: string, status: string, code: string, message: string, reconnect: string}} CloseCode
 */

import { fields, resolve } from "./document.js";

/**
 * All kinds of sockets, in the order of the document.
 * @param {Json} document
 * @returns {Channel[]}
 */
export function channels(document) {
  return Object.entries(document.channels ?? {}).map(([id, channel]) => {
    const operations = Object.values(document.operations ?? {}).filter((operation) => operation.channel?.$ref === `#/channels/${id}`);
    const exchanges = (action) => operations.filter((operation) => operation.action === action).map((operation) => exchange(document, operation));
    return {
      id: `socket-${id}`,
      address: channel.address ?? "",
      title: channel.title ?? "",
      about: channel.description ?? "",
      credentials: credentials(document, operations[0]?.security ?? []),
      says: exchanges("receive"),
      hears: exchanges("send"),
    };
  });
}

/** @returns {Exchange} */
function exchange(document, operation) {
  const keys = (operation.messages ?? []).map(({ $ref }) => $ref.split("/").at(-1));
  return { about: operation.summary ?? "", messages: keys.map((key) => ({ id: key, name: document.components.messages[key].name })) };
}

/** Who may come, in words. */
function credentials(document, schemes) {
  const ways = schemes.map((scheme) => resolve(document, scheme)).map(({ type, scheme, name, in: place }) => {
    if (type === "http") return `Authorization: ${scheme === "bearer" ? "Bearer" : scheme}`;
    return place === "query" ? `?${name}=` : place === "cookie" ? "the session cookie" : name;
  });
  return ways.length > 0 ? `Signed in, by ${ways.join(" or ")}` : "Anybody";
}

/**
 * What is said on sockets: by clients (`client`), or by the server (`server`).
 * @param {Json} document
 * @param {"client" | "server"} side
 * @returns {Message[]}
 */
export function messages(document, side) {
  const all = Object.entries(document.components?.messages ?? {}).filter(([key]) => key.startsWith(`${side}.`));
  return all.map(([id, { name = id, summary = "", payload = {}, examples = [] }]) => ({
    id,
    name,
    summary,
    fields: fields(document, payload),
    examples: examples.map((example) => (typeof example.payload === "string" ? example.payload : JSON.stringify(example.payload))),
  }));
}

/**
 * Why sockets are closed.
 * @param {Json} document
 * @returns {CloseCode[]}
 */
export function closeCodes(document) {
  const text = (value) => (value === undefined ? "" : String(value));
  return (document["x-close-codes"] ?? []).map(({ close, status, code, message, reconnect }) =>
    ({ close: text(close), status: text(status), code: text(code), message: text(message), reconnect: text(reconnect) }));
}
