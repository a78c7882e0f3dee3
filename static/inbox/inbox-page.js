import { signIn } from "../account/sign-in.js";
import { openInbox } from "../client/live.js";
import { confirmed } from "../page/dialog.js";
import { byId, element } from "../page/element.js";
import { fillFoot } from "../page/foot.js";
import { keepAwake, parlor } from "../page/here.js";
import { addShortcuts } from "../page/keyboard.js";
import { TabTitle } from "../page/tab-title.js";
import { tellIfItFails, toast } from "../page/toast.js";
import { roomAddress } from "../rooms/address.js";
import { sentenceOf } from "../text/problems.js";
import { t } from "../text/text.js";
import { personEntry, talkEntry } from "./talks.js";

/** The page of private conversations. */

/** A pause in typing that is long enough to ask, in milliseconds. */
const PAUSE = 250;

const title = new TabTitle();
const finder = /** @type {HTMLInputElement} */ (byId("find-name"));
const conversations = byId("conversations");
let asked = 0;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

async function show() {
  const { user } = parlor.session;
  byId("find").hidden = user === null || user.is_guest;
  if (user === null || user.is_guest) return conversations.replaceChildren(...needsAccount(user !== null));
  try {
    const talks = await parlor.people.conversations();
    const entries = talks.map((talk) => talkEntry(talk, user.id, block));
    conversations.replaceChildren(entries.length > 0 ? element("ul", { class: "talks" }, ...entries) : element("p", { class: "hint" }, t("inbox.empty")));
  } catch (error) {
    const { status, message } = /** @type {import("../client/http.js").RequestError} */ (error);
    if (parlor.session.token === null) return;
    conversations.replaceChildren(element("p", { class: "problem" }, status === 404 || status === 405 ? t("inbox.none") : sentenceOf(error)));
  }
}

/** @param {boolean} isGuest */
function needsAccount(isGuest) {
  const button = element("button", { type: "button", class: "primary" }, t("signIn"));
  button.addEventListener("click", () => signIn(parlor, { modes: ["sign in", "register"] }));
  return [element("p", { class: "hint" }, isGuest ? t("inbox.guests") : t("inbox.signIn")), element("p", {}, button)];
}

/** @param {{id: number, display_name: string}} partner */
async function block(partner) {
  if (!(await confirmed(t("inbox.blockAsk", { name: partner.display_name }), t("inbox.blockWhat"), t("inbox.block")))) return;
  if (await tellIfItFails(parlor.people.block(partner.id), t("inbox.blocked"))) show();
}

/** @param {number} person */
async function write(person) {
  try {
    const { code } = await parlor.people.converse(person);
    location.assign(roomAddress(String(code)));
  } catch (error) {
    const { status, code, message } = /** @type {import("../client/http.js").RequestError} */ (error);
    toast((status === 404 && code !== "NO_SUCH_PERSON") || status === 405 ? t("inbox.none") : sentenceOf(error));
  }
}

async function find() {
  const name = finder.value.trim();
  const mine = ++asked;
  if (name === "") return byId("found").replaceChildren();
  const people = await parlor.people.find(name).catch(() => []);
  if (mine !== asked) return;
  const others = people.filter(({ id }) => id !== parlor.session.user?.id);
  byId("found").replaceChildren(others.length > 0 ? element("ul", { class: "talks" }, ...others.map((person) => personEntry(person, () => write(person.id)))) : element("p", { class: "hint" }, t("inbox.nobody")));
}

finder.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(find, PAUSE);
});
byId("find").addEventListener("submit", (event) => {
  event.preventDefault();
  find();
});

/** What happens shows at once. */
function listen() {
  const inbox = openInbox(parlor);
  inbox.addEventListener("state", (event) => /** @type {CustomEvent} */ (event).detail.kind === "open" && show());
  inbox.addEventListener("frame", (event) => {
    const frame = /** @type {CustomEvent} */ (event).detail;
    if (frame.type === "HEARTBEAT" || frame.type === "typing") return;
    if (frame.type === "new_message" && frame.sender_id !== parlor.session.user?.id) title.happened({ title: frame.user, body: frame.message || t("aFile") });
    show();
  });
  inbox.connect();
  keepAwake(inbox);
}

fillFoot(byId("foot"));
addShortcuts({ keys: ["/"], label: t("keys.find"), run: () => finder.focus() });
parlor.session.addEventListener("change", () => location.reload());
const person = Number(new URLSearchParams(location.hash.slice(1)).get("with"));
if (person > 0 && parlor.session.token !== null) await write(person);
show();
if (parlor.session.token !== null && !parlor.session.user?.is_guest) listen();
