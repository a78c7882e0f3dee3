import { Api } from "./client/api.js";
import { Channel } from "./client/channel.js";
import { Inbox } from "./client/inbox.js";
import { People } from "./client/people.js";
import { Rooms } from "./client/rooms.js";
import { Session } from "./client/session.js";

/**
 * The client of a Parlor server, for pages: who is signed in, rooms, people and live channels.
 *
 * ```js
 * import { Parlor } from "https://parlor.example/parlor.js";
 *
 * const parlor = new Parlor("https://parlor.example");
 * await parlor.session.signInAsGuest("Ann");
 * const { code } = await parlor.rooms.join({ code: "movie-night" });
 * const room = parlor.channel(code);
 * room.addEventListener("message", ({ detail }) => console.log(detail.user, detail.message));
 * room.addEventListener("state", ({ detail }) => console.log(detail.kind));
 * room.connect();
 * room.write({ message: "hello everyone" });
 * ```
 */
export class Parlor {
  #socketBase;

  /**
   * @param {string} [base]  the server's address; without one, the page's own server
   * @param {{fetch?: typeof fetch, storage?: Pick<Storage, "getItem" | "setItem" | "removeItem">, tabStorage?: Pick<Storage, "getItem" | "setItem" | "removeItem">}} [environment]
   */
  constructor(base = "", { fetch = globalThis.fetch.bind(globalThis), storage = stored("localStorage"), tabStorage = stored("sessionStorage") } = {}) {
    const root = base.replace(/\/+$/, "");
    this.#socketBase = (root || globalThis.location.origin).replace(/^http/, "ws");
    this.tabStorage = tabStorage;
    this.session = new Session({ fetch, storage, base: root });
    this.api = new Api(this.session, fetch, root);
    this.rooms = new Rooms(this.api);
    this.people = new People(this.api);
  }

  /** A room's live channel; `connect()` opens it. @param {string} code */
  channel(code) {
    const outboxKey = `parlor.outbox.${this.session.user?.id}.${code.toLowerCase()}`;
    const newId = () => globalThis.crypto.randomUUID?.() ?? `${Date.now()}-${Math.random().toString(36).slice(2)}`;
    return new Channel(code, { api: this.api, socketBase: this.#socketBase, storage: this.tabStorage, outboxKey, newId });
  }

  /** The signed-in person's live inbox; `connect()` opens it. */
  inbox() {
    return new Inbox({ api: this.api, socketBase: this.#socketBase });
  }
}

/**
 * Reading a storage throws where storage is forbidden.
 * @param {"localStorage" | "sessionStorage"} name
 */
function stored(name) {
  try {
    return globalThis[name];
  } catch {
    return { getItem: () => null, setItem: () => undefined, removeItem: () => undefined };
  }
}

export { RequestError } from "./client/http.js";
export { comingBack, explainClose } from "./client/close.js";
