import { signIn } from "../account/sign-in.js";
import { element } from "../page/element.js";
import { field, form } from "../page/form.js";

/**
 * The door of a room: asks for a name, a password or patience, until one is in or it is plain that one won't be.
 *
 * @typedef {import("../parlor.js").Parlor} Parlor
 * @typedef {{code?: string, invitation?: string}} Wish
 * @typedef {{code: string, status: string, is_host: boolean}} Joined
 */

/** How often somebody who waits asks whether they are in, in milliseconds. */
const ASKED_EVERY = 4_000;

/** @type {Record<string, [title: string, sentence: string]>} */
const FINAL = {
  NO_SUCH_ROOM: ["There is no such room", "Check the code, or ask for the link again."],
  ROOM_CLOSED: ["This room was closed", "Nobody can come in any more."],
  BANNED: ["You can't come in", "The host keeps you out of this room."],
  ROOM_LOCKED: ["This room is locked", "Nobody new gets in at the moment. Try again later."],
  ROOM_FULL: ["This room is full", "Try again when somebody has left."],
  DENIED: ["The host said no", "You can ask again in ten minutes."],
  INVITATION_EXPIRED: ["This invitation is no longer good", "Ask for another one."],
};

export class Entry {
  /** @type {Parlor} */ #parlor;
  /** @type {Wish} */ #wish;
  #card;

  /** @param {Parlor} parlor @param {Wish} wish @param {HTMLElement} card */
  constructor(parlor, wish, card) {
    this.#parlor = parlor;
    this.#wish = wish;
    this.#card = card;
  }

  /** @returns {Promise<string>} the room's code, once one is in */
  async pass() {
    if (!this.#wish.code && !this.#wish.invitation) return this.#end("NO_SUCH_ROOM");
    await this.#name();
    const joined = await this.#join({ ...this.#wish });
    if (joined.status !== "APPROVED") await this.#approval(joined.code);
    return joined.code;
  }

  /** A visitor without an account gives a name. */
  #name() {
    if (this.#parlor.session.token) return Promise.resolve();
    return new Promise((/** @type {(value: void) => void} */ resolve) => {
      const account = element("button", { type: "button", class: "link" }, "I have an account");
      account.addEventListener("click", async () => {
        if (await signIn(this.#parlor, { modes: ["sign in", "register"] })) resolve();
      });
      const room = this.#wish.code ? element("p", { class: "hint" }, "Room ", element("b", {}, this.#wish.code)) : element("p", { class: "hint" }, "You were invited.");
      this.#show("Come in", room, form("Join", async ({ display_name: name }) => {
        await this.#parlor.session.signInAsGuest(name.trim());
        resolve();
      }, field({ name: "display_name", label: "What are you called?", autocomplete: "nickname", required: true, maxlength: 64 })), account);
    });
  }

  /** @param {Wish & {password?: string}} wish @returns {Promise<Joined>} */
  async #join(wish) {
    try {
      return await this.#parlor.rooms.join(wish);
    } catch (error) {
      const { status, code, message } = /** @type {import("../client/http.js").RequestError} */ (error);
      if (code === "PASSWORD_REQUIRED" || code === "WRONG_PASSWORD") return this.#password(wish);
      if (status === 401) {
        await this.#name();
        return this.#join(wish);
      }
      if (FINAL[code]) return this.#end(code);
      return this.#again(message, wish);
    }
  }

  /** @param {Wish} wish @returns {Promise<Joined>} */
  #password(wish) {
    return new Promise((resolve) => {
      this.#show("This room has a password", form("Come in", async ({ password }) => {
        resolve(await this.#parlor.rooms.join({ ...wish, password }).catch((error) => Promise.reject(asField(error))));
      }, field({ name: "password", label: "Password", type: "password", required: true })));
    });
  }

  /** Something that may pass. @param {string} sentence @param {Wish} wish @returns {Promise<Joined>} */
  #again(sentence, wish) {
    return new Promise((resolve) => {
      const again = element("button", { type: "button", class: "primary" }, "Try again");
      again.addEventListener("click", () => resolve(this.#join(wish)));
      this.#show("That didn't work", element("p", {}, sentence), element("div", { class: "dialog-buttons" }, again));
    });
  }

  /** The host decides: a notice tells of it, and asking now and then finds out, too. @param {string} code */
  async #approval(code) {
    this.#show("Waiting to be let in", element("p", {}, "The host has been asked. You come in by yourself once they say yes."), element("progress", { "aria-label": "Waiting" }));
    const inbox = this.#parlor.inbox();
    let wake = () => {};
    inbox.addEventListener("frame", (event) => /^JOIN_(APPROVED|DENIED)$/.test(/** @type {CustomEvent} */ (event).detail.type) && wake());
    inbox.connect();
    try {
      while (!(await this.#isIn(code))) {
        await new Promise((/** @type {(value: void) => void} */ resolve) => {
          wake = resolve;
          setTimeout(resolve, ASKED_EVERY);
        });
      }
    } finally {
      inbox.close();
    }
  }

  /** @param {string} code */
  async #isIn(code) {
    try {
      const { status } = await this.#parlor.rooms.details(code);
      if (status === "DENIED" || status === "BANNED") await this.#end(status);
      return status === "APPROVED";
    } catch (error) {
      const refused = /** @type {any} */ (error).code;
      if (FINAL[refused]) await this.#end(refused);
      return false;
    }
  }

  /** It is over: nothing comes after this. @param {string} code @returns {Promise<never>} */
  #end(code) {
    const [title, sentence] = FINAL[code];
    this.#show(title, element("p", {}, sentence), element("a", { href: "./" }, "To the home page"));
    return new Promise(() => {});
  }

  /** @param {string} title @param {...(Node | string)} content */
  #show(title, ...content) {
    this.#card.replaceChildren(element("h2", {}, title), ...content);
    this.#card.querySelector("input")?.focus();
  }
}

/** What was wrong is the password. @param {any} error */
function asField(error) {
  return error.code === "WRONG_PASSWORD" ? { message: error.message, fields: { password: "That is not it." } } : error;
}
