/**
 * Who is in a room: its members as the server lists them, and who of them is here as the socket tells it.
 *
 * @typedef {import("../client/rooms.js").Participant} Participant
 */
export class Roster {
  /** @type {Map<number, Participant>} */ #members = new Map();
  /** How many are here, also where not all are named. */
  count = 0;

  /** The list over HTTP. @param {Participant[]} members */
  replace(members) {
    const here = new Set(this.present.map(({ id }) => id));
    this.#members = new Map(members.map((member) => [member.id, { ...member, present: member.present || here.has(member.id) }]));
    this.#count();
  }

  /** `ROOM_PARTICIPANTS`: who is here now. @param {{members?: any[], count?: number, host_id?: number | null}} frame */
  here({ members = [], count, host_id: host }) {
    for (const member of this.#members.values()) member.present = false;
    for (const person of members) this.#put({ ...person, present: true });
    if (host) this.#hostIs(host);
    this.count = count ?? this.present.length;
  }

  /** @param {{user_id: number, user: string}} frame @returns {boolean} whether nothing else is known of them yet */
  joined({ user_id: id, user }) {
    const isNew = !this.#members.has(id);
    this.#put({ id, display_name: user, present: true });
    this.#count();
    return isNew;
  }

  /** @param {{user_id: number}} frame */
  left({ user_id: id }) {
    const member = this.#members.get(id);
    if (member) member.present = false;
    this.#count();
  }

  /** `MEMBER_UPDATED` @param {any} frame */
  updated({ user_id: id, user, photo, role, is_cohost: isCohost, muted_until: mutedUntil }) {
    this.#put({ id, display_name: user, photo, role, is_cohost: isCohost, muted_until: mutedUntil });
  }

  /** `HOST_CHANGED` @param {{host_id: number}} frame */
  hostChanged({ host_id: id }) {
    this.#hostIs(id);
  }

  /** @param {number} id */
  removed(id) {
    this.#members.delete(id);
    this.#count();
  }

  /** @param {number | undefined} id */
  get(id) {
    return id === undefined ? null : this.#members.get(id) ?? null;
  }

  /** All of them: the host, those who help, the others by name. */
  get all() {
    const rank = (/** @type {Participant} */ person) => (person.is_host ? 0 : person.is_cohost ? 1 : 2);
    return [...this.#members.values()].sort((a, b) => rank(a) - rank(b) || a.display_name.localeCompare(b.display_name));
  }

  get present() {
    return this.all.filter(({ present }) => present);
  }

  get away() {
    return this.all.filter(({ present }) => !present);
  }

  /** @param {Partial<Participant> & {id: number}} change */
  #put(change) {
    const known = this.#members.get(change.id);
    const said = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
    const unknown = { display_name: "", photo: null, role: "member", is_host: false, is_cohost: false, is_guest: false, status: "APPROVED", present: false, muted_until: null, last_read_id: null };
    this.#members.set(change.id, /** @type {Participant} */ ({ ...unknown, ...known, ...said }));
  }

  /** @param {number} id */
  #hostIs(id) {
    for (const member of this.#members.values()) member.is_host = member.id === id;
  }

  #count() {
    this.count = [...this.#members.values()].filter(({ present }) => present).length;
  }
}
