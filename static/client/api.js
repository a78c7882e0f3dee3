import { call } from "./http.js";

/**
 * The HTTP API, as whoever is signed in.
 *
 * @typedef {import("./session.js").Session} Session
 */
export class Api {
  /** @type {Session} */ #session;
  /** @type {typeof fetch} */ #fetch;
  #base;

  /** @param {Session} session @param {typeof fetch} fetch @param {string} [base] */
  constructor(session, fetch, base = "") {
    this.#session = session;
    this.#fetch = fetch;
    this.#base = base;
  }

  /** @param {string} path */
  async get(path) {
    return (await this.#call("GET", path)).body;
  }

  /** A page of a list, and where the next one is. @param {string} path @returns {Promise<{items: any[], next: string | null}>} */
  async page(path) {
    const { body, next } = await this.#call("GET", path);
    return { items: Array.isArray(body) ? body : [], next };
  }

  /** A whole list, up to so many pages. @param {string} path @param {number} [pages] */
  async list(path, pages = 5) {
    const items = [];
    for (let next = /** @type {string | null} */ (path); next && pages > 0; pages -= 1) {
      const page = await this.page(next);
      items.push(...page.items);
      next = page.next;
    }
    return items;
  }

  /** All pages of an answer that is lines of text. @param {string} path */
  async lines(path) {
    const pages = [];
    for (let next = /** @type {string | null} */ (path); next;) {
      const page = await this.#call("GET", next);
      pages.push(page.text);
      next = page.next;
    }
    return pages.join("");
  }

  /** @param {string} path @param {object} [body] */
  async post(path, body = {}) {
    return (await this.#call("POST", path, body)).body;
  }

  /** @param {string} path @param {object} body */
  async patch(path, body) {
    return (await this.#call("PATCH", path, body)).body;
  }

  /** @param {string} path @param {object} [body] */
  async delete(path, body) {
    return (await this.#call("DELETE", path, body)).body;
  }

  /** @param {string} method @param {string} path @param {object} [body] */
  async #call(method, path, body) {
    const { token } = this.#session;
    const url = /^https?:/.test(path) ? path : this.#base + path;
    try {
      return await call({ fetch: this.#fetch, method, url, token, body });
    } catch (error) {
      // Another sign-in may have come in between; only the token that was refused is forgotten.
      const { status, code } = /** @type {import("./http.js").RequestError} */ (error);
      const isProof = code === "PHRASE_REQUIRED" || code === "NOT_PROVEN";
      if (status === 401 && token !== null && token === this.#session.token && !isProof && !body?.hasOwnProperty("current_password")) this.#session.expire();
      throw error;
    }
  }
}
