import { call, parseObject, RequestError } from "./http.js";

/**
 * Who is signed in, and with which token. All tabs of a browser share it.
 *
 * The opaque token is the one that is kept: it lives as long as the session, so that nothing need be refreshed.
 *
 * @typedef {{id: number, username: string | null, email?: string | null, display_name: string, photo: string | null, role: string, is_guest: boolean}} User
 * @typedef {{token: string, user: User}} SignedIn
 *
 * @typedef {object} SessionEnvironment
 * @property {typeof fetch} fetch
 * @property {Pick<Storage, "getItem" | "setItem" | "removeItem">} storage
 * @property {string} [base]  the server's address, without a slash at its end; the page's own if empty
 */

const KEY = "parlor.session";

export class Session extends EventTarget {
  /** @type {SessionEnvironment} */ #env;
  /** @type {SignedIn | null} */ #signedIn;

  /** @param {SessionEnvironment} environment */
  constructor(environment) {
    super();
    this.#env = environment;
    this.#signedIn = this.#restore();
  }

  /** The token, or null when nobody is signed in; empty where the browser's cookie is what signs in. */
  get token() {
    return this.#signedIn?.token ?? null;
  }

  /** Who is signed in, or null. */
  get user() {
    return this.#signedIn?.user ?? null;
  }

  /** The visitor's display name, or null. */
  get name() {
    return this.user?.display_name ?? null;
  }

  /**
   * @param {string} displayName
   * @throws {RequestError}
   */
  signInAsGuest(displayName) {
    return this.#signIn("/api/auth/guest/", { display_name: displayName });
  }

  /**
   * @param {{login: string, secret: string, phrase?: string}} credentials  a username or an e-mail address
   * @throws {RequestError}
   */
  async signIn({ login, secret, phrase }) {
    const name = login.trim();
    if (name.includes("@")) return this.#signIn("/api/auth/login/", { email: name, password: secret, phrase });
    // Accounts without a password have a phrase, which goes into the same field.
    try {
      await this.#signIn("/api/login/", { username: name, password: secret, phrase });
    } catch (error) {
      if (!(error instanceof RequestError) || error.status !== 401 || phrase || error.code === "PHRASE_REQUIRED") throw error;
      await this.#signIn("/api/login/", { username: name, phrase: secret }).catch(() => Promise.reject(error));
    }
  }

  /**
   * Makes an account and signs in to it.
   * @param {{username: string, password: string, email?: string, display_name?: string}} account
   * @throws {RequestError}
   */
  async register(account) {
    await this.#post("/api/register/", account);
    await this.#signIn("/api/login/", { username: account.username, password: account.password });
  }

  /**
   * Takes over the session of the browser's cookie, as a sign-in by Google or Facebook leaves it.
   * @returns {Promise<boolean>}  whether there is one
   */
  async adopt() {
    const { fetch, base = "" } = this.#env;
    const user = await call({ fetch, method: "GET", url: `${base}/api/user-profile/` }).then(({ body }) => body, () => null);
    if (typeof user?.id !== "number") return false;
    this.#become({ token: "", user: readUser(user, "") });
    return true;
  }

  /** Signs out here at once, and then tells the server; what it answers changes nothing. */
  signOut() {
    return this.#leave("/api/auth/logout/");
  }

  /** Ends all of the person's sessions, wherever they are. */
  signOutEverywhere() {
    return this.#leave("/api/auth/logout/", { all: true });
  }

  /** The same as `signOut`, and what this session said in private conversations is cleared for both sides. */
  signOutAndClear() {
    return this.#leave("/api/logout/");
  }

  /** The server no longer takes this token. */
  expire() {
    this.#become(null);
    this.dispatchEvent(new Event("expire"));
  }

  /** The signed-in user has changed. @param {User} user */
  update(user) {
    if (this.#signedIn) this.#become({ token: this.#signedIn.token, user: readUser(user, user.display_name) });
  }

  /** Another tab has signed in or out. */
  reload() {
    const before = this.token;
    this.#signedIn = this.#restore();
    if (this.token !== before) this.dispatchEvent(new Event("change"));
  }

  /** @param {string} path @param {object} [body] */
  async #leave(path, body = {}) {
    const { token } = this;
    this.#become(null);
    await this.#post(path, body, token).catch(() => undefined);
  }

  /** @param {string} path @param {{display_name?: string, [field: string]: any}} body */
  async #signIn(path, body) {
    const answer = await this.#post(path, body);
    const token = answer.token ?? answer.access_token;
    if (typeof token !== "string") throw new RequestError("The server's answer made no sense.", { code: "SENSELESS" });
    this.#become({ token, user: readUser(answer.user ?? answer, body.display_name ?? "") });
  }

  /** @param {string} path @param {object} body @param {string | null} [token] */
  async #post(path, body, token = null) {
    const { fetch, base = "" } = this.#env;
    return (await call({ fetch, method: "POST", url: base + path, token, body })).body;
  }

  /** @param {SignedIn | null} signedIn */
  #become(signedIn) {
    this.#signedIn = signedIn;
    // Browsers may forbid storage altogether; then the session lasts until the next reload.
    try {
      if (signedIn) this.#env.storage.setItem(KEY, JSON.stringify(signedIn));
      else this.#env.storage.removeItem(KEY);
    } catch {}
    this.dispatchEvent(new Event("change"));
  }

  /** @returns {SignedIn | null} */
  #restore() {
    try {
      const { token, user } = parseObject(this.#env.storage.getItem(KEY) ?? "");
      const whole = typeof token === "string" && typeof user?.id === "number" && typeof user.display_name === "string";
      return whole ? { token, user } : null;
    } catch {
      return null;
    }
  }
}

/**
 * @param {Record<string, any>} user
 * @param {string} name  in case that the answer has none
 * @returns {User}
 */
function readUser(user, name) {
  return {
    id: Number(user.id),
    username: user.username ?? null,
    email: user.email ?? null,
    display_name: String(user.display_name ?? name),
    photo: user.photo ?? null,
    role: String(user.role ?? "member"),
    is_guest: user.is_guest === true,
  };
}
