import { openDialog } from "../page/dialog.js";
import { element } from "../page/element.js";
import { field, form } from "../page/form.js";
import { t } from "../text/text.js";
import { madeUpPassword } from "./made-up-password.js";
import { providerLinks } from "./providers.js";

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

const TITLES = { "sign in": t("signIn"), register: t("signIn.newAccount"), guest: t("signIn.yourName") };
const SWITCH = { "sign in": t("signIn.toSignIn"), register: t("signIn.register"), guest: t("signIn.justName") };

/**
 * @param {import("../client/server.js").Server} parlor
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
    body.replaceChildren(...why, FORMS[present](parlor, finish), ...(present === "sign in" ? [providerLinks()] : []), element("div", { class: "switches" }, ...others));
    body.querySelector("input")?.focus();
  };
  show(mode);
  await closed;
  return done;
}

/** @type {Record<Mode, (parlor: import("../client/server.js").Server, done: () => void) => HTMLElement>} */
const FORMS = {
  "sign in": (parlor, done) => {
    const phrase = field({ name: "phrase", label: t("phrase"), type: "password", hint: t("signIn.phraseHint") });
    phrase.hidden = true;
    const forgot = element("a", { href: "./account.html#forgot", class: "small" }, t("signIn.forgot"));
    return form(t("signIn"), async ({ login, secret, phrase: words }) => {
      try {
        await parlor.session.signIn({ login, secret, phrase: words || undefined });
      } catch (error) {
        if (/** @type {any} */ (error).code === "PHRASE_REQUIRED") phrase.hidden = false;
        throw error;
      }
      done();
    }, field({ name: "login", label: t("signIn.login"), autocomplete: "username", required: true }),
      field({ name: "secret", label: t("signIn.secret"), type: "password", autocomplete: "current-password", required: true }), phrase, forgot);
  },
  register: (parlor, done) => form(t("signIn.make"), async ({ username, password, email }) => {
    await parlor.session.register({ username, password, ...(email ? { email } : {}) });
    done();
  }, field({ name: "username", label: t("username"), autocomplete: "username", required: true, maxlength: 64, hint: t("signIn.usernameHint") }),
    field({ name: "password", label: t("password"), value: madeUpPassword(), autocomplete: "new-password", required: true, hint: t("signIn.madeUpHint") }),
    field({ name: "email", label: t("signIn.email"), type: "email", autocomplete: "email", hint: t("signIn.emailHint") })),
  guest: (parlor, done) => form(t("signIn.goOn"), async ({ display_name: name }) => {
    await parlor.session.signInAsGuest(name.trim());
    done();
  }, field({ name: "display_name", label: t("displayName"), autocomplete: "nickname", required: true, maxlength: 64, hint: t("signIn.guestHint") })),
};
