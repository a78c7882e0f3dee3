import { signIn } from "../account/sign-in.js";
import { openInbox } from "../client/live.js";
import { element } from "../page/element.js";
import { field, form } from "../page/form.js";
import { sentenceOf } from "../text/problems.js";
import { t } from "../text/text.js";

/**
 * The door of a room: asks for a name, a password or patience, until one is in or it is plain that one won't be.
 *
 * @typedef {import("../client/server.js").Server} Parlor
 * @typedef {{code?: string, invitation?: string}} Wish
 * @typedef {{code: string, status: string, is_host: boolean}} Joined
 */

/** How often somebody who waits asks whether they are in, in milliseconds. */
const ASKED_EVERY = 4_000;

/** @type {Record<string, [title: string, sentence: string]>} */
const FINAL = {
  NO_SUCH_ROOM: [t("door.none"), t("door.noneWhy")],
  ROOM_CLOSED: [t("door.closed"), t("door.closedWhy")],
  BANNED: [t("door.banned"), t("door.bannedWhy")],
  ROOM_LOCKED: [t("door.locked"), t("door.lockedWhy")],
  ROOM_FULL: [t("door.full"), t("door.fullWhy")],
  DENIED: [t("door.denied"), t("door.deniedWhy")],
  INVITATION_EXPIRED: [t("door.expired"), t("door.expiredWhy")],
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
    if (this.#parlor.session.token !== null) return Promise.resolve();
    return new Promise((/** @type {(value: void) => void} */ resolve) => {
      const account = element("button", { type: "button", class: "link" }, t("signIn.toSignIn"));
      account.addEventListener("click", async () => {
        if (await signIn(this.#parlor, { modes: ["sign in", "register"] })) resolve();
      });
      const room = this.#wish.code ? element("p", { class: "hint" }, `${t("door.room")} `, element("b", {}, this.#wish.code)) : element("p", { class: "hint" }, t("door.invited"));
      this.#show(t("door.comeIn"), room, form(t("join"), async ({ display_name: name }) => {
        await this.#parlor.session.signInAsGuest(name.trim());
        resolve();
      }, field({ name: "display_name", label: t("door.name"), autocomplete: "nickname", required: true, maxlength: 64 })), account);
    });
  }

  /** @param {Wish & {password?: string}} wish @returns {Promise<Joined>} */
  async #join(wish) {
    try {
      return await this.#parlor.rooms.join(wish);
    } catch (error) {
      const { status, code } = /** @type {import("../client/http.js").RequestError} */ (error);
      if (code === "PASSWORD_REQUIRED" || code === "WRONG_PASSWORD") return this.#password(wish);
      if (status === 401) {
        await this.#name();
        return this.#join(wish);
      }
      if (FINAL[code]) return this.#end(code);
      return this.#again(sentenceOf(error), wish);
    }
  }

  /** @param {Wish} wish @returns {Promise<Joined>} */
  #password(wish) {
    return new Promise((resolve) => {
      this.#show(t("door.hasPassword"), form(t("door.comeIn"), async ({ password }) => {
        resolve(await this.#parlor.rooms.join({ ...wish, password }).catch((error) => Promise.reject(asField(error))));
      }, field({ name: "password", label: t("password"), type: "password", required: true })));
    });
  }

  /** Something that may pass. @param {string} sentence @param {Wish} wish @returns {Promise<Joined>} */
  #again(sentence, wish) {
    return new Promise((resolve) => {
      const again = element("button", { type: "button", class: "primary" }, t("tryAgain"));
      again.addEventListener("click", () => resolve(this.#join(wish)));
      this.#show(t("door.failed"), element("p", {}, sentence), element("div", { class: "dialog-buttons" }, again));
    });
  }

  /** The host decides: a notice tells of it, and asking now and then finds out, too. @param {string} code */
  async #approval(code) {
    this.#show(t("lists.pending"), element("p", {}, t("door.asked")), element("progress", { "aria-label": t("door.waiting") }));
    const inbox = openInbox(this.#parlor);
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
    this.#show(title, element("p", {}, sentence), element("a", { href: "./" }, t("toHome")));
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
  return error.code === "WRONG_PASSWORD" ? { message: sentenceOf(error), fields: { password: t("door.wrongPassword") } } : error;
}
