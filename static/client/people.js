/**
 * Accounts and private conversations over HTTP.
 *
 * @typedef {import("./api.js").Api} Api
 */
export class People {
  /** @type {Api} */ #api;

  /** @param {Api} api */
  constructor(api) {
    this.#api = api;
  }

  /** The signed-in user. */
  me() {
    return this.#api.get("/api/user-profile/");
  }

  /** All that is kept about the signed-in user, as lines of JSON. */
  exportMe() {
    return this.#api.lines("/api/user-profile/export/");
  }

  /** @param {object | FormData} changes */
  changeMe(changes) {
    return this.#api.patch("/api/user-profile/", changes);
  }

  /** @param {object} proof  `current_password` or `current_phrase`, where there is one */
  deleteMe(proof) {
    return this.#api.delete("/api/user-profile/", proof);
  }

  /** @param {object} secrets */
  changeSecrets(secrets) {
    return this.#api.post("/api/auth/password/", secrets);
  }

  /** Where the signed-in user is signed in. @returns {Promise<{id: string, created_at: string, last_used_at: string, is_current: boolean}[]>} */
  sessions() {
    return this.#api.get("/api/auth/sessions/");
  }

  /** @param {string} session */
  endSession(session) {
    return this.#api.delete(`/api/auth/sessions/${session}/`);
  }

  /** @param {string} email */
  forgot(email) {
    return this.#api.post("/api/auth/password/forgot/", { email });
  }

  /** Those whose username begins so. @param {string} username @returns {Promise<any[]>} */
  find(username) {
    return this.#api.list(`/api/users/?username=${encodeURIComponent(username)}`, 1);
  }

  /** One's private conversations. @returns {Promise<any[]>} */
  conversations() {
    return this.#api.list("/api/conversations/");
  }

  /** @param {number} person */
  converse(person) {
    return this.#api.post("/api/conversations/", { participant_id: person });
  }

  /** @param {number} person */
  block(person) {
    return this.#api.post(`/api/users/${person}/block/`);
  }

  /** @param {number} person */
  unblock(person) {
    return this.#api.post(`/api/users/${person}/unblock/`);
  }

  /** @returns {Promise<any[]>} */
  blocked() {
    return this.#api.list("/api/user-profile/blocked/");
  }
}
