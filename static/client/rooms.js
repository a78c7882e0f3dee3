/**
 * Rooms over HTTP: found, made, entered, looked after.
 *
 * @typedef {import("./api.js").Api} Api
 * @typedef {{id: number, display_name: string, photo: string | null, role: string, is_host: boolean, is_cohost: boolean, is_guest: boolean, status: string, present: boolean, muted_until: string | null, last_read_id: number | null}} Participant
 * @typedef {"kick" | "ban" | "unban" | "mute" | "unmute" | "host" | "cohost" | "uncohost"} Measure
 */
export class Rooms {
  /** @type {Api} */ #api;

  /** @param {Api} api */
  constructor(api) {
    this.#api = api;
  }

  /** One's own, with what is unread. */
  mine() {
    return this.#api.list("/api/rooms/");
  }

  /** Those that anybody may see. */
  listed() {
    return this.#api.list("/api/rooms/public/", 1);
  }

  /** @param {{name?: string, code?: string, is_private?: boolean, entry_mode?: string, password?: string}} [room] */
  create(room = {}) {
    return this.#api.post("/api/rooms/", room);
  }

  /** @param {{code?: string, password?: string, invitation?: string}} entry */
  join(entry) {
    return this.#api.post("/api/rooms/join/", entry);
  }

  /** @param {string} code */
  details(code) {
    return this.#api.get(`/api/rooms/${path(code)}/`);
  }

  /** @param {string} code @param {object} changes */
  change(code, changes) {
    return this.#api.patch(`/api/rooms/${path(code)}/`, changes);
  }

  /** @param {string} code */
  close(code) {
    return this.#api.delete(`/api/rooms/${path(code)}/`);
  }

  /** @param {string} code */
  leave(code) {
    return this.#api.post(`/api/rooms/${path(code)}/leave/`);
  }

  /** @param {string} code @param {"APPROVED" | "PENDING" | "BANNED"} [status] @returns {Promise<Participant[]>} */
  participants(code, status = "APPROVED") {
    return this.#api.list(`/api/rooms/${path(code)}/participants/?status=${status}`);
  }

  /** @param {string} code @param {number} user @param {boolean} approve */
  decide(code, user, approve) {
    return this.#api.post("/api/rooms/approve/", { code, user_id: user, approve });
  }

  /** @param {string} code @param {Measure} measure @param {number} user @param {number} [seconds] */
  act(code, measure, user, seconds) {
    return this.#api.post(`/api/rooms/${path(code)}/${measure}/`, { user_id: user, ...(seconds ? { seconds } : {}) });
  }

  /** @param {string} code @param {{expires_in?: number, uses?: number}} [limits] */
  invite(code, limits = {}) {
    return this.#api.post(`/api/rooms/${path(code)}/invitations/`, limits);
  }

  /** A page of messages, newest last. @param {string} code @param {{before?: number, q?: string}} [query] */
  messages(code, query = {}) {
    const parameters = Object.entries(query).map(([name, value]) => [name, String(value)]);
    return this.#api.page(`/api/rooms/${path(code)}/messages/?${new URLSearchParams(parameters)}`);
  }

  /** @param {string} code @param {number} id @param {string} message */
  edit(code, id, message) {
    return this.#api.patch(`/api/rooms/${path(code)}/messages/${id}/`, { message });
  }

  /** @param {string} code @param {number} id */
  remove(code, id) {
    return this.#api.delete(`/api/rooms/${path(code)}/messages/${id}/`);
  }

  /** @param {string} code @param {number} id @param {string} reaction @param {boolean} on */
  react(code, id, reaction, on) {
    return this.#api.post(`/api/rooms/${path(code)}/messages/${id}/reactions/`, { reaction, on });
  }

  /** What is watched next. @param {string} code @returns {Promise<any[]>} */
  queue(code) {
    return this.#api.list(`/api/rooms/${path(code)}/queue/`, 1);
  }

  /** What can be watched here. @param {string} words */
  watchable(words) {
    return this.#api.list(`/api/rooms/search/?q=${encodeURIComponent(words)}`, 1);
  }
}

/** @param {string} code */
const path = (code) => encodeURIComponent(code);
