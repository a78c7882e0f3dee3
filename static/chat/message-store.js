/**
 * The messages of a room that are shown, oldest first.
 *
 * @typedef {object} Message
 * @property {number} id
 * @property {string} message
 * @property {string} message_type
 * @property {string | null} attachment
 * @property {{media_id: string, name: string, content_type: string, size: number} | null} [media]
 * @property {string} created_at
 * @property {string} user
 * @property {{id: number, name: string, photo: string | null, role: string}} sender
 * @property {number} sender_id
 * @property {number | null} reply_to
 * @property {number[]} mentions
 * @property {Record<string, number>} reactions
 * @property {string[]} [my_reactions]
 * @property {string | null} edited_at
 * @property {boolean} [deleted]
 * @property {number} [media_time]
 *
 * @typedef {{kind: "added" | "changed" | "removed", ids: number[]}} Change
 */

export class MessageStore {
  /** @type {Message[]} */ #messages = [];
  /** @type {Map<number, Message>} */ #byId = new Map();
  /** Whether the server has older ones. */
  hasOlder = false;
  /** Where the page of older ones begins, if the server has said so. @type {number | null} */
  before = null;

  /** @returns {readonly Message[]} */
  get messages() {
    return this.#messages;
  }

  /** @param {number} id */
  get(id) {
    return this.#byId.get(id) ?? null;
  }

  /** @param {number} id @returns {Message | null} */
  previous(id) {
    return this.#messages[this.indexOf(id) - 1] ?? null;
  }

  /** @param {number} id @returns {Message | null} */
  following(id) {
    return this.#messages[this.indexOf(id + 1)] ?? null;
  }

  get newest() {
    return this.#messages.at(-1) ?? null;
  }

  /** Begins anew with a page of history. @param {Message[]} messages @param {boolean} hasOlder */
  replace(messages, hasOlder) {
    this.#messages = [];
    this.#byId.clear();
    this.hasOlder = hasOlder;
    this.before = messages[0]?.id ?? null;
    for (const message of messages) this.#put(message);
  }

  /** A page of what was before. @param {Message[]} messages @param {number | null} next  where the next page begins; null: there is none */
  older(messages, next) {
    this.hasOlder = next !== null;
    this.before = next;
    const fresh = messages.filter(({ id, deleted }) => !deleted && !this.#byId.has(id));
    for (const message of fresh) this.#put(message);
    return fresh.map(({ id }) => id);
  }

  /** Lets the oldest go, so that a long evening stays light. @param {number} kept @returns {number[]} */
  trim(kept) {
    const gone = this.#messages.splice(0, Math.max(0, this.#messages.length - kept));
    for (const { id } of gone) this.#byId.delete(id);
    if (gone.length > 0) {
      this.hasOlder = true;
      this.before = this.#messages[0]?.id ?? null;
    }
    return gone.map(({ id }) => id);
  }

  /**
   * What an event of the log changes.
   * @param {"message" | "edited" | "deleted" | "reacted" | "cleared"} name
   * @param {any} event
   * @param {number | undefined} me
   * @returns {Change}
   */
  apply(name, event, me) {
    switch (name) {
      case "message": return this.#add(event);
      case "edited": return this.#change(event.message_id, { message: event.message, edited_at: event.edited_at });
      case "deleted": return this.#remove([event.message_id]);
      case "cleared": return this.#remove(event.message_ids ?? []);
      case "reacted": return this.#react(event, me);
    }
  }

  /** @param {Message} message @returns {Change} */
  #add(message) {
    if (message.deleted || this.#byId.has(message.id)) return { kind: "added", ids: [] };
    this.#put(message);
    return { kind: "added", ids: [message.id] };
  }

  /** @param {number} id @param {Partial<Message>} change @returns {Change} */
  #change(id, change) {
    const message = this.#byId.get(id);
    if (!message) return { kind: "changed", ids: [] };
    Object.assign(message, change);
    return { kind: "changed", ids: [id] };
  }

  /** @param {number[]} ids @returns {Change} */
  #remove(ids) {
    const gone = ids.filter((id) => this.#byId.delete(id));
    this.#messages = this.#messages.filter(({ id }) => this.#byId.has(id));
    return { kind: "removed", ids: gone };
  }

  /** @param {any} event @param {number | undefined} me @returns {Change} */
  #react({ message_id: id, user_id: user, reaction, added, reactions }, me) {
    const message = this.#byId.get(id);
    if (!message) return { kind: "changed", ids: [] };
    const others = (message.my_reactions ?? []).filter((one) => one !== reaction);
    const mine = user === me ? (added ? [...others, reaction] : others) : message.my_reactions ?? [];
    return this.#change(id, { reactions, my_reactions: mine });
  }

  /** Nearly always at the end. @param {Message} message */
  #put(message) {
    this.#byId.set(message.id, message);
    let index = this.#messages.length;
    while (index > 0 && this.#messages[index - 1].id > message.id) index -= 1;
    this.#messages.splice(index, 0, message);
  }

  /** Where a message stands, or would stand. @param {number} id */
  indexOf(id) {
    let [low, high] = [0, this.#messages.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#messages[middle].id < id) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Messages of one person that follow within so much time stand under one name, in milliseconds. */
const TOGETHER = 5 * 60_000;

/**
 * Whether a message stands under the name of the one before it.
 * @param {Message} message
 * @param {Message | null} before
 */
export function continues(message, before) {
  if (!before || before.sender_id !== message.sender_id || message.reply_to) return false;
  return Date.parse(message.created_at) - Date.parse(before.created_at) < TOGETHER && !isNewDay(message, before);
}

/** @param {Message} message @param {Message | null} before */
export function isNewDay(message, before) {
  return before !== null && new Date(message.created_at).toDateString() !== new Date(before.created_at).toDateString();
}
