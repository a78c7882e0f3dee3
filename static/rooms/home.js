import { byId } from "../page/element.js";
import { parlor } from "../page/here.js";
import { readWish, roomAddress } from "./address.js";
import { startRoom, startRoomWithOptions } from "./create.js";
import { ownRoom, publicRoom, section } from "./lists.js";

/** The part of the home page that leads into rooms. */

/** How often the lists are read again while somebody looks at them, in milliseconds. */
const EVERY = 30_000;

const startProblem = byId("start-problem");
const joinProblem = byId("join-problem");
const code = /** @type {HTMLInputElement} */ (byId("join-code"));
const start = /** @type {HTMLButtonElement} */ (byId("start-room"));

start.addEventListener("click", () => attempt(() => startRoom(parlor)));
byId("start-options").addEventListener("click", () => attempt(() => startRoomWithOptions(parlor)));

byId("join-form").addEventListener("submit", (event) => {
  event.preventDefault();
  const wish = readWish(code.value);
  const isGood = wish.code !== undefined || wish.invitation !== undefined;
  code.setAttribute("aria-invalid", String(!isGood));
  joinProblem.hidden = isGood;
  joinProblem.textContent = code.value.trim() === "" ? "Enter the room's code." : "This is neither a code nor a link to a room.";
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
    startProblem.textContent = /** @type {Error} */ (error).message;
    startProblem.hidden = false;
  } finally {
    start.disabled = false;
  }
}

let reading = 0;

async function showLists() {
  const mine = ++reading;
  const [own, open] = await Promise.all([
    parlor.session.token ? parlor.rooms.mine().catch(() => []) : [],
    parlor.rooms.listed().catch(() => []),
  ]);
  if (mine !== reading) return;
  const codes = new Set(own.map((room) => room.code));
  byId("room-lists").replaceChildren(
    ...section("Your rooms", own.map(ownRoom)),
    ...section("Open to all", open.filter((room) => !codes.has(room.code)).map(publicRoom)),
  );
}

const showAdmin = () => { byId("admin-link").hidden = parlor.session.user?.role !== "admin"; };
parlor.session.addEventListener("change", showAdmin);
parlor.session.addEventListener("change", showLists);
showAdmin();
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && showLists());
setInterval(() => document.visibilityState === "visible" && showLists(), EVERY);
showLists();
