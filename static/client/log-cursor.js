/**
 * What of a room's log has been delivered: each event once, in the order of the ids.
 *
 * Ids are dense. So the highest id below which nothing is missing says all: what is not above it is a repetition, what leaves
 * a gap has to wait until the gap is filled, and `?since=` that id brings exactly what was missed.
 *
 * @template {{id: number}} T
 */
export class LogCursor {
  /** The highest id below which nothing is missing; null before the log's end was told for the first time. @type {number | null} */
  position = null;
  /** What came too early. @type {Map<number, T>} */
  #early = new Map();
  /** The highest id that is known to exist. */
  #known = 0;

  /**
   * The log's end as history or a greeting tells it: whatever is up to it has been delivered.
   * @param {number} id
   * @returns {T[]}  what had come early and is due now
   */
  startAt(id) {
    this.position = id;
    for (const early of [...this.#early.keys()]) if (early <= id) this.#early.delete(early);
    return this.#due();
  }

  /**
   * Takes an event in, and says which events are due, in their order.
   * @param {T} event
   * @returns {T[]}
   */
  take(event) {
    this.knows(event.id);
    if (this.position !== null && event.id <= this.position) return [];
    if (!this.#early.has(event.id)) this.#early.set(event.id, event);
    return this.#due();
  }

  /** An event with this id exists, whether or not it has come. @param {number} id */
  knows(id) {
    this.#known = Math.max(this.#known, id);
  }

  /**
   * The server no longer has what is missing: everything up to here is given up.
   * @param {number} id
   * @returns {T[]}
   */
  giveUpTo(id) {
    if (this.position === null || id <= this.position) return [];
    return this.startAt(id);
  }

  /** Whether something is known to exist that has not come. */
  get hasGap() {
    return this.position !== null && this.#known > this.position;
  }

  #due() {
    /** @type {T[]} */
    const due = [];
    if (this.position === null) return due;
    for (let next = this.#early.get(this.position + 1); next; next = this.#early.get(this.position + 1)) {
      this.position += 1;
      this.#early.delete(this.position);
      due.push(next);
    }
    this.knows(this.position);
    return due;
  }
}
