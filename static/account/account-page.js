import { avatar } from "../page/avatar.js";
import { confirmed, openDialog } from "../page/dialog.js";
import { bdi, byId, element } from "../page/element.js";
import { fillFoot } from "../page/foot.js";
import { field, form } from "../page/form.js";
import { parlor } from "../page/here.js";
import { tellIfItFails, toast } from "../page/toast.js";
import { sentenceOf } from "../text/problems.js";
import { t } from "../text/text.js";
import { ownSessions } from "./sessions.js";
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
    page.replaceChildren(portrait(user), names(user), ...(user.is_guest ? [] : [secrets()]), ...blockedPeople(blocked), card(t("sessions.title"), ownSessions()), leaving(user));
  } catch (error) {
    if (parlor.session.token === null) return page.replaceChildren(signedOut());
    page.replaceChildren(card(t("account.yours"), element("p", { class: "problem" }, sentenceOf(error)), button(t("tryAgain"), show)));
  }
}

function signedOut() {
  return card(t("account.nobody"), element("p", { class: "hint" }, t("account.why")),
    element("div", { class: "row" }, button(t("signIn"), () => signIn(parlor, { mode: "sign in" }), "primary"), button(t("signIn.register"), () => signIn(parlor, { mode: "register" }))));
}

function forgotten() {
  return card(t("account.forgotten"), form(t("account.sendLink"), async ({ email }) => {
    await parlor.people.forgot(email.trim());
    page.replaceChildren(card(t("account.mail"), element("p", {}, t("account.mailSent")), element("a", { href: "./account.html" }, t("back"))));
    history.replaceState(null, "", "./account.html");
  }, field({ name: "email", label: t("account.email"), type: "email", autocomplete: "email", required: true })));
}

/** @param {Record<string, any>} user */
function portrait(user) {
  const input = element("input", { type: "file", accept: "image/png,image/jpeg,image/gif,image/webp", class: "visually-hidden", tabindex: "-1", "aria-label": t("account.picture") });
  input.addEventListener("change", () => input.files?.[0] && picture(input.files[0]));
  const buttons = [button(user.photo ? t("account.otherPicture") : t("account.addPicture"), () => input.click()), ...(user.photo ? [button(t("account.noPicture"), () => picture(null))] : [])];
  return card(t("account.you"), element("div", { class: "portrait" }, avatar(user.display_name, user.photo),
    element("p", { class: "portrait-text" }, element("span", { class: "portrait-name" }, bdi(user.display_name)), element("br"),
      element("span", { class: "hint" }, user.is_guest ? t("account.guest") : user.username)),
    input, element("div", { class: "row" }, ...buttons)));
}

/** @param {File | null} file */
async function picture(file) {
  const body = new FormData();
  body.append("profile_pic", file ?? "");
  await tellIfItFails(parlor.people.changeMe(body).then((user) => parlor.session.update(user)), t("changed"));
}

/** @param {Record<string, any>} user */
function names(user) {
  const pending = user.pending_email ? [element("p", { class: "hint" }, t("account.pending", { address: user.pending_email }))] : [];
  const account = user.is_guest ? [] : [
    field({ name: "username", label: t("username"), value: user.username ?? "", autocomplete: "username", maxlength: 64 }),
    field({ name: "email", label: t("email"), type: "email", value: user.email ?? "", autocomplete: "email" }), ...pending,
    field({ name: "current_password", label: t("presentPassword"), type: "password", autocomplete: "current-password", hint: t("account.proofHint") }),
  ];
  return card(t("account.shown"), form(t("save"), async (values) => {
    const wanted = Object.fromEntries(Object.entries(values).filter(([name, value]) => (name === "current_password" ? value !== "" : value.trim() !== (user[name] ?? ""))));
    const changed = await parlor.people.changeMe(wanted);
    toast(t("saved"));
    // Shows it anew, once: whoever types on must not lose what they type.
    parlor.session.update(changed);
  }, field({ name: "display_name", label: t("displayName"), value: user.display_name, autocomplete: "nickname", required: true, maxlength: 64 }), ...account));
}

function secrets() {
  return card(t("password"), form(t("account.changePassword"), async (values, whole) => {
    await parlor.people.changeSecrets(values);
    whole.reset();
    toast(t("changed"));
  }, field({ name: "current_password", label: t("presentPassword"), type: "password", autocomplete: "current-password", required: true }),
    field({ name: "password", label: t("newPassword"), type: "password", autocomplete: "new-password", required: true, hint: t("account.passwordHint") })));
}

/** @param {any[]} people */
function blockedPeople(people) {
  if (people.length === 0) return [];
  return [card(t("account.blocked"), element("ul", { class: "blocked" }, ...people.map((person) => element("li", {}, avatar(person.display_name, person.photo), element("span", {}, bdi(person.display_name)),
    button(t("account.unblock"), async () => (await tellIfItFails(parlor.people.unblock(person.id), t("account.unblocked"))) && show(), "quiet compact")))))];
}

/** @param {Record<string, any>} user */
function leaving(user) {
  const clear = async () => {
    const sentence = t("account.clearWhat");
    if (await confirmed(t("account.clearAsk"), sentence, t("account.clearYes"))) await parlor.session.signOutAndClear();
  };
  const everywhere = async () => {
    if (await confirmed(t("account.endOthersAsk"), t("account.endOthersWhat"), t("account.endOthers"))) await parlor.session.signOutEverywhere();
  };
  return card(t("account.leaving"), element("div", { class: "row" }, button(t("signOut"), () => parlor.session.signOut()), button(t("account.endOthers"), everywhere),
    button(t("account.clear"), clear), button(t("account.export"), () => tellIfItFails(download())), button(t("account.delete"), () => deletion(user))));
}

/** What is kept about one, as a file. */
async function download() {
  const address = URL.createObjectURL(new Blob([await parlor.people.exportMe()], { type: "application/x-ndjson" }));
  element("a", { href: address, download: "parlor.jsonl" }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/** @param {Record<string, any>} user */
function deletion(user) {
  const proof = user.is_guest ? [] : [field({ name: "current_password", label: t("account.yourPassword"), type: "password", autocomplete: "current-password", required: true })];
  const { close } = openDialog(t("account.delete"), element("p", {}, t("account.deleteWhat")), form(t("account.deleteYes"), async (values) => {
    await parlor.people.deleteMe(values);
    close();
    await parlor.session.signOut();
  }, ...proof));
}

parlor.session.addEventListener("change", show);
addEventListener("hashchange", show);
fillFoot(byId("foot"));
show();
