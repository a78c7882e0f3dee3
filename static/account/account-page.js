import { avatar } from "../page/avatar.js";
import { confirmed, openDialog } from "../page/dialog.js";
import { byId, element } from "../page/element.js";
import { field, form } from "../page/form.js";
import { parlor } from "../page/here.js";
import { tellIfItFails, toast } from "../page/toast.js";
import { signIn } from "./sign-in.js";

/** The page of one's account: who one is, what others see, and how it ends. */

const page = byId("account");

/** @param {string} title @param {...(Node | string)} content */
const card = (title, ...content) => element("section", { class: "card" }, element("h2", {}, title), ...content);

/** @param {string} text @param {() => void} run @param {string} [kind] */
function button(text, run, kind = "quiet") {
  const made = element("button", { type: "button", class: kind }, text);
  made.addEventListener("click", run);
  return made;
}

async function show() {
  if (location.hash === "#forgot") return page.replaceChildren(forgotten());
  if (parlor.session.token === null) return page.replaceChildren(signedOut());
  try {
    const user = await parlor.people.me();
    const blocked = user.is_guest ? [] : await parlor.people.blocked().catch(() => []);
    page.replaceChildren(portrait(user), names(user), ...(user.is_guest ? [] : [secrets()]), ...blockedPeople(blocked), leaving(user));
  } catch (error) {
    if (parlor.session.token === null) return page.replaceChildren(signedOut());
    page.replaceChildren(card("Your account", element("p", { class: "problem" }, /** @type {Error} */ (error).message), button("Try again", show)));
  }
}

function signedOut() {
  return card("Nobody is signed in", element("p", { class: "hint" }, "With an account you can start rooms, write privately, and be found."),
    element("div", { class: "row" }, button("Sign in", () => signIn(parlor, { mode: "sign in" }), "primary"), button("Make an account", () => signIn(parlor, { mode: "register" }))));
}

function forgotten() {
  return card("Forgotten password", form("Send the link", async ({ email }) => {
    const { message } = await parlor.people.forgot(email.trim());
    page.replaceChildren(card("Look into your mail", element("p", {}, message ?? "If there is an account with this address, a link is on its way."), element("a", { href: "./account.html" }, "Back")));
    history.replaceState(null, "", "./account.html");
  }, field({ name: "email", label: "The e-mail address of your account", type: "email", autocomplete: "email", required: true })));
}

/** @param {Record<string, any>} user */
function portrait(user) {
  const input = element("input", { type: "file", accept: "image/png,image/jpeg,image/gif,image/webp", class: "visually-hidden", tabindex: "-1", "aria-label": "A picture of you" });
  input.addEventListener("change", () => input.files?.[0] && picture(input.files[0]));
  const buttons = [button(user.photo ? "Another picture" : "Add a picture", () => input.click()), ...(user.photo ? [button("Take it away", () => picture(null))] : [])];
  return card("You", element("div", { class: "portrait" }, avatar(user.display_name, user.photo),
    element("p", { class: "portrait-text" }, element("span", { class: "portrait-name" }, user.display_name), element("br"),
      element("span", { class: "hint" }, user.is_guest ? "Guest: forgotten after a day without use" : user.username)),
    input, element("div", { class: "row" }, ...buttons)));
}

/** @param {File | null} file */
async function picture(file) {
  const body = new FormData();
  body.append("profile_pic", file ?? "");
  if (await tellIfItFails(parlor.people.changeMe(body).then((user) => parlor.session.update(user)), "Changed.")) show();
}

/** @param {Record<string, any>} user */
function names(user) {
  const pending = user.pending_email ? [element("p", { class: "hint" }, `${user.pending_email} counts once you follow the link in the mail that was sent there.`)] : [];
  const account = user.is_guest ? [] : [
    field({ name: "username", label: "Username", value: user.username ?? "", autocomplete: "username", maxlength: 64 }),
    field({ name: "email", label: "E-mail", type: "email", value: user.email ?? "", autocomplete: "email" }), ...pending,
    field({ name: "current_password", label: "Present password", type: "password", autocomplete: "current-password", hint: "Only needed for another address." }),
  ];
  return card("What others see", form("Save", async (values) => {
    const wanted = Object.fromEntries(Object.entries(values).filter(([name, value]) => (name === "current_password" ? value !== "" : value.trim() !== (user[name] ?? ""))));
    const changed = await parlor.people.changeMe(wanted);
    parlor.session.update(changed);
    toast("Saved.");
    show();
  }, field({ name: "display_name", label: "Display name", value: user.display_name, autocomplete: "nickname", required: true, maxlength: 64 }), ...account));
}

function secrets() {
  return card("Password", form("Change the password", async (values, whole) => {
    const { message } = await parlor.people.changeSecrets(values);
    whole.reset();
    toast(message ?? "Changed.");
  }, field({ name: "current_password", label: "Present password", type: "password", autocomplete: "current-password", required: true }),
    field({ name: "password", label: "New password", type: "password", autocomplete: "new-password", required: true, hint: "You are signed out everywhere else." })));
}

/** @param {any[]} people */
function blockedPeople(people) {
  if (people.length === 0) return [];
  return [card("Blocked", element("ul", { class: "blocked" }, ...people.map((person) => element("li", {}, avatar(person.display_name, person.photo), element("span", {}, person.display_name),
    button("Unblock", async () => (await tellIfItFails(parlor.people.unblock(person.id), "Unblocked.")) && show(), "quiet compact")))))];
}

/** @param {Record<string, any>} user */
function leaving(user) {
  const clear = async () => {
    const sentence = "What you wrote in private conversations since you signed in here is deleted for both sides.";
    if (await confirmed("Sign out and clear?", sentence, "Sign out and clear")) await parlor.session.signOutAndClear();
  };
  return card("Leaving", element("div", { class: "row" }, button("Sign out", () => parlor.session.signOut()), button("Sign out and clear what I wrote", clear), button("Delete the account", () => deletion(user))));
}

/** @param {Record<string, any>} user */
function deletion(user) {
  const proof = user.is_guest ? [] : [field({ name: "current_password", label: "Your password", type: "password", autocomplete: "current-password", required: true })];
  const { close } = openDialog("Delete the account", element("p", {}, "Your name, your picture and your files are gone then. This can't be undone."), form("Delete it", async (values) => {
    await parlor.people.deleteMe(values);
    close();
    await parlor.session.signOut();
  }, ...proof));
}

parlor.session.addEventListener("change", show);
addEventListener("hashchange", show);
show();
