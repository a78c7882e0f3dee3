import { bdi } from "../page/element.js";
import { sentenceOf, sentencesOf } from "../text/problems.js";
import { t } from "../text/text.js";

/**
 * The form that signs a guest in, and what is shown once that is done.
 *
 * @typedef {import("../client/session.js").Session} Session
 *
 * @typedef {object} SessionPanelParts
 * @property {HTMLFormElement} form
 * @property {HTMLInputElement} name
 * @property {HTMLButtonElement} submit
 * @property {HTMLElement} hint  why a sign-in is wanted
 * @property {HTMLElement} problem
 * @property {HTMLElement} card  shown when signed in
 * @property {HTMLElement} who
 * @property {HTMLElement} initial
 * @property {HTMLElement} role
 * @property {HTMLElement} signOut
 */

const HINT = t("session.hint");

export class SessionPanel {
  /** @type {Session} */ #session;
  /** @type {SessionPanelParts} */ #parts;

  /** @param {Session} session @param {SessionPanelParts} parts */
  constructor(session, parts) {
    this.#session = session;
    this.#parts = parts;
    session.addEventListener("change", () => this.#show());
    parts.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#signIn();
    });
    parts.signOut.addEventListener("click", () => session.signOut());
    this.#show();
  }

  /**
   * Asks for a sign-in, saying what for.
   * @param {string} sentence
   */
  ask(sentence) {
    this.#parts.hint.textContent = sentence;
    this.#parts.hint.classList.add("asking");
    this.#parts.name.focus();
  }

  async #signIn() {
    const { name, submit } = this.#parts;
    const displayName = name.value.trim();
    if (displayName === "") return this.#refuse(t("session.nameNeeded"));
    submit.disabled = true;
    try {
      await this.#session.signInAsGuest(displayName);
    } catch (error) {
      const refused = /** @type {import("../client/http.js").RequestError} */ (error);
      const { display_name: why } = await sentencesOf(refused.fields);
      this.#refuse(why ?? sentenceOf(refused));
    } finally {
      submit.disabled = false;
    }
  }

  /** @param {string} sentence */
  #refuse(sentence) {
    this.#parts.problem.textContent = sentence;
    this.#parts.problem.hidden = false;
    this.#parts.name.setAttribute("aria-invalid", "true");
    this.#parts.name.focus();
  }

  #show() {
    const { form, card, who, initial, role, hint, problem, name } = this.#parts;
    const present = this.#session.name;
    // What had the focus is about to vanish; the focus must not vanish with it.
    const hadFocus = form.contains(document.activeElement) || card.contains(document.activeElement);
    form.hidden = present !== null;
    card.hidden = present === null;
    problem.hidden = true;
    name.removeAttribute("aria-invalid");
    hint.textContent = HINT;
    hint.classList.remove("asking");
    who.replaceChildren(bdi(present ?? ""));
    role.textContent = this.#session.user?.username ?? t("guest.role");
    initial.textContent = [...(present ?? "")][0]?.toUpperCase() ?? "";
    if (hadFocus) (present === null ? name : this.#parts.signOut).focus();
  }
}
