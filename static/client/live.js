import { Channel } from "./channel.js";
import { Inbox } from "./inbox.js";

/**
 * What a server tells live. It is apart from `server.js`, so that a page without sockets loads none of it.
 *
 * @typedef {import("./server.js").Server} Server
 */

/** A room's live channel; `connect()` opens it. @param {Server} server @param {string} code */
export function openChannel(server, code) {
  const outboxKey = `parlor.outbox.${server.session.user?.id}.${code.toLowerCase()}`;
  const newId = () => globalThis.crypto.randomUUID?.() ?? `${Date.now()}-${Math.random().toString(36).slice(2)}`;
  return new Channel(code, { api: server.api, socketBase: server.socketBase, storage: server.tabStorage, outboxKey, newId });
}

/** The signed-in person's live inbox; `connect()` opens it. @param {Server} server */
export const openInbox = (server) => new Inbox({ api: server.api, socketBase: server.socketBase });
