import { confirmed } from "../page/dialog.js";
import { byId } from "../page/element.js";
import { tellIfItFails, toast } from "../page/toast.js";
import { sentenceOf } from "../text/problems.js";
import { t } from "../text/text.js";
import { Attachments } from "./attachments.js";
import { Composer } from "./composer.js";
import { MessageLogView } from "./message-log-view.js";
import { MessageStore } from "./message-store.js";
import { MessageTools } from "./message-tools.js";
import { Reading } from "./reading.js";
import { Search } from "./search.js";
import { Typists } from "./typists.js";

/**
 * The chat of a room: puts its parts together.
 *
 * @typedef {import("./message-store.js").Message} Message
 *
 * @typedef {object} ChatRoom  what the chat needs to know of its room
 * @property {import("../client/server.js").Server} parlor
 * @property {import("../client/channel.js").Channel} channel
 * @property {() => import("./words.js").Named[]} people
 * @property {(id: number) => string | null} nameOf
 * @property {() => boolean} mayModerate
 * @property {() => {id: number, name: string, last_read_id: number | null}[]} readers
 */

const LOGGED = /** @type {const} */ (["message", "edited", "deleted", "reacted", "cleared"]);

export class Chat {
  /** @type {ChatRoom} */ #room;
  #store = new MessageStore();
  #typists = new Typists();
  /** @type {MessageLogView} */ #view;
  /** @type {Composer} */ #composer;
  /** @type {Attachments} */ #attachments;
  /** @type {MessageTools} */ #tools;
  /** @type {Reading} */ #reading;

  /** @param {ChatRoom} room */
  constructor(room) {
    this.#room = room;
    const { parlor } = room;
    this.#tools = new MessageTools({
      onReply: (message) => this.#composer.reply(message),
      onEdit: (message) => this.#composer.edit(message),
      onDelete: (message) => this.#delete(message),
      onReact: (message, reaction) => this.#react(message, reaction),
      may: (message) => ({ edit: message.sender_id === this.#me, remove: message.sender_id === this.#me || room.mayModerate() }),
    });
    this.#view = new MessageLogView(this.#store, {
      scroller: byId("chat-scroller"), list: byId("chat-messages"), pending: byId("chat-pending"), toNewest: byId("chat-newest"), top: byId("chat-top"),
    }, {
      onTop: () => this.#loadOlder(),
      onBottom: () => this.#reading?.seen(this.#store.newest?.id),
      onPoint: (message, row) => this.#tools.show(message, row),
    }, {
      me: this.#me,
      find: (id) => this.#store.get(id),
      nameOf: room.nameOf,
      onReact: (message, reaction) => this.#react(message, reaction),
      onShow: (id) => this.#view.reveal(id) || toast(t("chat.notLoaded")),
    });
    this.#reading = new Reading(room.channel, byId("chat-seen"), room.readers);
    this.#attachments = new Attachments({
      tray: byId("chat-tray"), input: byId("chat-file"), button: byId("chat-attach"), drop: byId("chat"), text: byId("chat-text"),
    }, () => parlor.session.token, () => this.#composer.focus());
    this.#composer = new Composer({ form: byId("chat-form"), text: byId("chat-text"), about: byId("chat-about"), names: byId("chat-names") }, {
      onSend: (text, details) => this.#send(text, details),
      onEdit: (message, text) => tellIfItFails(parlor.rooms.edit(room.channel.code, message.id, text)),
      onTyping: (isTyping) => room.channel.typing(isTyping),
      onEditLast: () => this.#editLast(),
      people: room.people,
    });
    new Search({ form: byId("chat-search"), input: byId("chat-search-words"), results: byId("chat-results"), toggle: byId("chat-search-toggle") },
      async (words) => (await parlor.rooms.messages(room.channel.code, { q: words })).items,
      (message) => this.#view.reveal(message.id) || toast(t("chat.notLoaded")));
    this.#listen();
  }

  /** Up to where one had read when the room was entered. @param {number} id */
  readUpTo(id) {
    this.#view.readUpTo(id);
    this.#reading.start(id);
    if (this.#view.isAtEnd) this.#reading.seen(this.#store.newest?.id);
  }

  /** Who is in, or what they are called, has changed. */
  peopleChanged() {
    this.#reading.show(this.#store.messages, this.#me);
  }

  /** @param {string} reason */
  lock(reason) {
    this.#composer.lock(reason);
    /** @type {HTMLButtonElement} */ (byId("chat-attach")).disabled = reason !== "";
  }

  get #me() {
    return this.#room.parlor.session.user?.id;
  }

  #listen() {
    const { channel } = this.#room;
    channel.addEventListener("history", (event) => {
      const { messages, more } = /** @type {CustomEvent} */ (event).detail;
      this.#store.replace(messages, more === true);
      this.#view.reset();
      this.#showEmpty();
    });
    for (const name of LOGGED) {
      channel.addEventListener(name, (event) => this.#apply(name, /** @type {CustomEvent} */ (event).detail));
    }
    channel.addEventListener("outbox", () => this.#showPending());
    channel.addEventListener("state", () => this.#showPending());
    channel.addEventListener("refused", (event) => toast(sentenceOf(/** @type {CustomEvent} */ (event).detail)));
    channel.addEventListener("typing", (event) => {
      this.#typists.heard(/** @type {CustomEvent} */ (event).detail, Date.now());
      this.#showTyping();
    });
    channel.addEventListener("read", (event) => {
      this.#reading.heard(/** @type {CustomEvent} */ (event).detail);
      this.#reading.show(this.#store.messages, this.#me);
    });
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible" && this.#view.isAtEnd) this.#reading.seen(this.#store.newest?.id);
    });
    setInterval(() => this.#typists.isEmpty || this.#showTyping(), 1_000);
  }

  /** @param {(typeof LOGGED)[number]} name @param {any} event */
  #apply(name, event) {
    if (name === "message") this.#typists.stopped(event.sender_id);
    this.#view.apply(this.#store.apply(name, event, this.#me));
    this.#showTyping();
    this.#showEmpty();
    this.#reading.show(this.#store.messages, this.#me);
  }

  #showEmpty() {
    byId("chat-empty").hidden = this.#store.messages.length > 0 || this.#room.channel.outbox.entries.length > 0;
  }

  #showTyping() {
    const line = byId("chat-typing");
    const sentence = this.#typists.sentence(Date.now());
    if (line.textContent !== sentence) line.textContent = sentence;
  }

  #showPending() {
    const { channel } = this.#room;
    this.#view.showPending(channel.outbox.entries, channel.state.kind === "open", {
      onRetry: (id) => channel.retry(id),
      onDiscard: (id) => channel.discard(id),
    });
    this.#showEmpty();
  }

  /** @param {string} text @param {{reply_to?: number, mentions: number[]}} details */
  #send(text, details) {
    if (this.#attachments.isBusy) {
      toast(t("chat.fileBusy"));
      return false;
    }
    const stored = this.#attachments.take();
    if (text === "" && !stored) return false;
    const file = stored ? { attachment: stored.media_id, message_type: kindOf(stored.content_type) } : {};
    this.#room.channel.write({ message: text, ...file, ...details });
    return true;
  }

  async #loadOlder() {
    const before = this.#store.before;
    if (before === null) return;
    const page = await this.#room.parlor.rooms.messages(this.#room.channel.code, { before }).catch(() => null);
    if (!page) return;
    const next = page.next ? Number(new URLSearchParams(page.next.split("?")[1]).get("before")) || null : null;
    this.#store.older(page.items, next);
    this.#view.showOlder();
  }

  #editLast() {
    const mine = this.#store.messages.findLast(({ sender_id: sender }) => sender === this.#me);
    if (mine) this.#composer.edit(mine);
  }

  /** @param {Message} message @param {string} reaction */
  #react(message, reaction) {
    const on = !message.my_reactions?.includes(reaction);
    tellIfItFails(this.#room.parlor.rooms.react(this.#room.channel.code, message.id, reaction, on));
  }

  /** @param {Message} message */
  async #delete(message) {
    const text = message.message || message.media?.name || t("chat.thisFile");
    if (!(await confirmed(t("chat.deleteAsk"), t("chat.deleteWhat", { text }), t("delete")))) return;
    await tellIfItFails(this.#room.parlor.rooms.remove(this.#room.channel.code, message.id));
  }
}

/** @param {string} type */
function kindOf(type) {
  const kind = type.split("/")[0];
  return ["image", "audio", "video"].includes(kind) ? kind : "file";
}
