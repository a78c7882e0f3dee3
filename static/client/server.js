import { Api } from "./api.js";
import { People } from "./people.js";
import { Rooms } from "./rooms.js";
import { Session } from "./session.js";

/**
 * A Parlor server over HTTP: who is signed in, rooms and people.
 *
 * @typedef {Pick<Storage, "getItem" | "setItem" | "removeItem">} Store
 */
export class Server {
  /**
   * @param {string} [base]  the server's address; without one, the page's own server
   * @param {{fetch?: typeof fetch, storage?: Store, tabStorage?: Store}} [environment]
   */
  constructor(base = "", { fetch = globalThis.fetch.bind(globalThis), storage = stored("localStorage"), tabStorage = stored("sessionStorage") } = {}) {
    const root = base.replace(/\/+$/, "");
    /** Where its sockets are. */
    this.socketBase = (root || globalThis.location.origin).replace(/^http/, "ws");
    this.tabStorage = tabStorage;
    this.session = new Session({ fetch, storage, base: root });
    this.api = new Api(this.session, fetch, root);
    this.rooms = new Rooms(this.api);
    this.people = new People(this.api);
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
