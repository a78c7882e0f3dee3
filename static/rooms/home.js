import { byId, wake } from "../page/element.js";
import { fillFoot } from "../page/foot.js";
import { parlor } from "../page/here.js";
import { addShortcuts } from "../page/keyboard.js";
import { sentenceOf } from "../text/problems.js";
import { t } from "../text/text.js";
import { readWish, roomAddress } from "./address.js";
import { ownRoom, publicRoom, section } from "./lists.js";

/** The part of the home page that leads into rooms. */

/** How often the lists are read again while somebody looks at them, in milliseconds. */
const EVERY = 30_000;

const startProblem = byId("start-problem");
const joinProblem = byId("join-problem");
const code = /** @type {HTMLInputElement} */ (byId("join-code"));
const start = /** @type {HTMLButtonElement} */ (byId("start-room"));

/** Dialogs and forms are loaded when they are wanted. */
const creating = () => import("./create.js");
start.addEventListener("click", () => attempt(async () => (await creating()).startRoom(parlor)));
byId("start-options").addEventListener("click", () => attempt(async () => (await creating()).startRoomWithOptions(parlor)));

byId("join-form").addEventListener("submit", (event) => {
  event.preventDefault();
  const wish = readWish(code.value);
  const isGood = wish.code !== undefined || wish.invitation !== undefined;
  code.setAttribute("aria-invalid", String(!isGood));
  joinProblem.hidden = isGood;
  joinProblem.textContent = code.value.trim() === "" ? t("home.codeNeeded") : t("home.codeWrong");
  if (!isGood) return code.focus();
  location.assign(wish.code ? roomAddress(wish.code) : `./room.html#invitation=${encodeURIComponent(wish.invitation ?? "")}`);
});

/** @param {() => Promise<void>} run */
async function attempt(run) {
  start.disabled = true;
  startProblem.hidden = true;
  try {
    await run();
  } catch (error) {
    startProblem.textContent = sentenceOf(error);
    startProblem.hidden = false;
  } finally {
    start.disabled = false;
  }
}

fillFoot(byId("foot"));
addShortcuts(
  { keys: ["n"], label: t("keys.start"), run: () => start.click() },
  { keys: ["j"], label: t("keys.join"), run: () => code.focus() },
  { keys: ["u"], label: t("keys.name"), run: () => byId(parlor.session.token === null ? "guest-name" : "guest-who").focus() },
);

let reading = 0;

async function showLists() {
  const mine = ++reading;
  const [own, open] = await Promise.all([
    parlor.session.token !== null ? parlor.rooms.mine().catch(() => []) : [],
    parlor.rooms.listed().catch(() => []),
  ]);
  if (mine !== reading) return;
  const codes = new Set(own.map((room) => room.code));
  byId("room-lists").replaceChildren(
    ...section(t("home.ownRooms"), own.map(ownRoom)),
    ...section(t("home.publicRooms"), open.filter((room) => !codes.has(room.code)).map(publicRoom)),
  );
}

const showAdmin = () => { byId("admin-link").hidden = parlor.session.user?.role !== "admin"; };
parlor.session.addEventListener("change", showAdmin);
parlor.session.addEventListener("change", showLists);
showAdmin();
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && showLists());
setInterval(() => document.visibilityState === "visible" && showLists(), EVERY);
showLists();
wake(/** @type {HTMLElement} */ (start.closest("section")));
