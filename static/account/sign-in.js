import { openDialog } from "../page/dialog.js";
import { element } from "../page/element.js";
import { field, form } from "../page/form.js";

/**
 * The dialog that signs somebody in: by an account, by a new one, or by a name alone.
 *
 * @typedef {"sign in" | "register" | "guest"} Mode
 *
 * @typedef {object} SignInOptions
 * @property {Mode} [mode]  which of the three comes first
 * @property {Mode[]} [modes]  which there are
 * @property {string} [reason]  why, as a sentence
 */

const TITLES = { "sign in": "Sign in", register: "New account", guest: "Your name" };
const SWITCH = { "sign in": "I have an account", register: "Make an account", guest: "Just a name" };

/**
 * @param {import("../parlor.js").Parlor} parlor
 * @param {SignInOptions} [options]
 * @returns {Promise<boolean>}  whether somebody is signed in now
 */
export async function signIn(parlor, { mode = "sign in", modes = ["sign in", "register", "guest"], reason = "" } = {}) {
  let done = false;
  const body = element("div", { class: "sign-in" });
  const { dialog, close, closed } = openDialog(TITLES[mode], body);
  const finish = () => {
    done = true;
    close();
  };
  /** @param {Mode} present */
  const show = (present) => {
    const title = dialog.querySelector("h2");
    if (title) title.textContent = TITLES[present];
    const others = modes.filter((other) => other !== present).map((other) => {
      const button = element("button", { type: "button", class: "link" }, SWITCH[other]);
      button.addEventListener("click", () => show(other));
      return button;
    });
    const why = reason ? [element("p", { class: "hint" }, reason)] : [];
    body.replaceChildren(...why, FORMS[present](parlor, finish), element("div", { class: "switches" }, ...others));
    body.querySelector("input")?.focus();
  };
  show(mode);
  await closed;
  return done;
}

/** @type {Record<Mode, (parlor: import("../parlor.js").Parlor, done: () => void) => HTMLElement>} */
const FORMS = {
  "sign in": (parlor, done) => {
    const phrase = field({ name: "phrase", label: "Phrase", type: "password", hint: "This account also wants its phrase." });
    phrase.hidden = true;
    const forgot = element("a", { href: "./account.html#forgot", class: "small" }, "Forgotten password?");
    return form("Sign in", async ({ login, secret, phrase: words }) => {
      try {
        await parlor.session.signIn({ login, secret, phrase: words || undefined });
      } catch (error) {
        if (/** @type {any} */ (error).code === "PHRASE_REQUIRED") phrase.hidden = false;
        throw error;
      }
      done();
    }, field({ name: "login", label: "Username or e-mail", autocomplete: "username", required: true }),
      field({ name: "secret", label: "Password or phrase", type: "password", autocomplete: "current-password", required: true }), phrase, forgot);
  },
  register: (parlor, done) => form("Make the account", async ({ username, password, email }) => {
    await parlor.session.register({ username, password, ...(email ? { email } : {}) });
    done();
  }, field({ name: "username", label: "Username", autocomplete: "username", required: true, maxlength: 64, hint: "Letters a to z, digits, dots and dashes." }),
    field({ name: "password", label: "Password", type: "password", autocomplete: "new-password", required: true, hint: "Three or four words make a good one." }),
    field({ name: "email", label: "E-mail, if you want", type: "email", autocomplete: "email", hint: "Only to get back in when the password is forgotten." })),
  guest: (parlor, done) => form("Go on", async ({ display_name: name }) => {
    await parlor.session.signInAsGuest(name.trim());
    done();
  }, field({ name: "display_name", label: "Display name", autocomplete: "nickname", required: true, maxlength: 64, hint: "Guests are forgotten after a day." })),
};
