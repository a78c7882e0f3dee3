import { errorFrom, parseObject, RequestError, unreachable } from "./http.js";

/**
 * Who the visitor is: signs in as a guest, and keeps the token for as long as the tab lives.
 *
 * @typedef {{token: string, name: string, expiresAt: number}} SignedIn
 *
 * @typedef {object} SessionEnvironment
 * @property {typeof fetch} fetch
 * @property {Pick<Storage, "getItem" | "setItem" | "removeItem">} storage
 * @property {() => number} now  milliseconds
 * @property {(run: () => void, ms: number) => any} setTimeout
 * @property {(timer: any) => void} clearTimeout
 */

const KEY = "parlor.session";
/** The longest that a browser's timer can wait, in milliseconds. */
const LONGEST = 2 ** 31 - 1;

export class Session extends EventTarget {
  /** @type {SessionEnvironment} */ #env;
  /** @type {SignedIn | null} */ #signedIn;
  /** @type {any} */ #timer = null;

  /** @param {SessionEnvironment} environment */
  constructor(environment) {
    super();
    this.#env = environment;
    this.#signedIn = this.#restore();
    this.#awaitEnd();
  }

  /** The token, or null when nobody is signed in or it has run out. */
  get token() {
    return this.#present()?.token ?? null;
  }

  /** The visitor's display name, or null. */
  get name() {
    return this.#present()?.name ?? null;
  }

  /**
   * @param {string} displayName
   * @throws {RequestError}
   */
  async signInAsGuest(displayName) {
    const answer = await this.#post("/api/auth/guest/", { display_name: displayName });
    const token = answer.access_token;
    if (typeof token !== "string") throw new RequestError("The server's answer made no sense.");
    const lifetime = Number.isFinite(answer.expires_in) ? answer.expires_in : 24 * 3600;
    const name = answer.user?.display_name ?? answer.display_name ?? displayName;
    this.#become({ token, name: String(name), expiresAt: this.#env.now() + lifetime * 1000 });
  }

  /** Signs out here at once, and then tells the server; what it answers changes nothing. */
  async signOut() {
    const token = this.token;
    this.#become(null);
    await this.#post("/api/auth/logout/", {}, token).catch(() => undefined);
  }

  /** The server no longer takes this token. */
  expire() {
    this.#become(null);
    this.dispatchEvent(new Event("expire"));
  }

  /**
   * @param {string} path
   * @param {object} body
   * @param {string | null} [token]
   */
  async #post(path, body, token) {
    const headers = { "Content-Type": "application/json", ...(token ? { Authorization: `Bearer ${token}` } : {}) };
    const init = { method: "POST", credentials: /** @type {const} */ ("include"), headers, body: JSON.stringify(body) };
    const { fetch } = this.#env;
    const response = await fetch(path, init).catch(() => Promise.reject(unreachable()));
    const text = await response.text().catch(() => Promise.reject(unreachable()));
    if (!response.ok) throw errorFrom(response.status, text);
    return parseObject(text);
  }

  #present() {
    return this.#signedIn && this.#signedIn.expiresAt > this.#env.now() ? this.#signedIn : null;
  }

  /** @param {SignedIn | null} signedIn */
  #become(signedIn) {
    this.#signedIn = signedIn;
    // Browsers may forbid storage altogether; then the session lasts until the next reload.
    try {
      if (signedIn) this.#env.storage.setItem(KEY, JSON.stringify(signedIn));
      else this.#env.storage.removeItem(KEY);
    } catch {}
    this.#awaitEnd();
    this.dispatchEvent(new Event("change"));
  }

  /** A token that runs out is forgotten then, so that the page never shows somebody who can do nothing. */
  #awaitEnd() {
    this.#env.clearTimeout(this.#timer);
    if (!this.#signedIn) return;
    const left = this.#signedIn.expiresAt - this.#env.now();
    const end = () => (this.#present() ? this.#awaitEnd() : this.#become(null));
    this.#timer = this.#env.setTimeout(end, Math.min(Math.max(left, 0), LONGEST));
  }

  /** @returns {SignedIn | null} */
  #restore() {
    try {
      const { token, name, expiresAt } = parseObject(this.#env.storage.getItem(KEY) ?? "");
      const whole = typeof token === "string" && typeof name === "string" && typeof expiresAt === "number";
      return whole ? { token, name, expiresAt } : null;
    } catch {
      return null;
    }
  }
}
