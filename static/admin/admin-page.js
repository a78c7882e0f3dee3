import { signIn } from "../account/sign-in.js";
import { avatar } from "../page/avatar.js";
import { confirmed } from "../page/dialog.js";
import { byId, element, icon } from "../page/element.js";
import { fullTime, plural } from "../page/format.js";
import { parlor } from "../page/here.js";
import { openMenu } from "../page/menu.js";
import { tellIfItFails } from "../page/toast.js";
import { roomAddress } from "../rooms/address.js";
import { showLive } from "./live.js";

/** The desk of admins. Whether somebody is one is decided by the server with each call; this page only asks. */

/** How often the figures are read again while somebody looks at them, in milliseconds. */
const EVERY = 10_000;

/** @param {string} sentence @param {...Node} more */
function hint(sentence, ...more) {
  byId("admin-hint").replaceChildren(sentence, ...more);
  byId("admin-hint").hidden = false;
  byId("desk").hidden = true;
}

async function open() {
  if (parlor.session.token === null) {
    const button = element("button", { type: "button", class: "link" }, "Sign in");
    button.addEventListener("click", () => signIn(parlor, { modes: ["sign in"] }));
    return hint("This page is for admins. ", button);
  }
  try {
    await showUsers();
  } catch (error) {
    const { status, message } = /** @type {import("../client/http.js").RequestError} */ (error);
    return hint(status === 403 ? "This page is for admins, and you are none." : message);
  }
  byId("admin-hint").hidden = true;
  byId("desk").hidden = false;
  await Promise.allSettled([showRooms(), showTrail(), showFigures()]);
}

/** A server that counts nothing shows none. */
async function showFigures() {
  const figures = await parlor.api.get("/api/admin/live/").catch(() => null);
  byId("live").hidden = figures === null;
  if (figures) showLive(figures, byId("figures"), byId("chart"));
}

/** A list of which more can be had. @param {HTMLElement} place @param {string} path @param {(item: any) => HTMLElement} row @param {string} nothing */
async function list(place, path, row, nothing) {
  const { items, next } = await parlor.api.page(path);
  const rows = element("ul", { class: "rows" }, ...items.map(row));
  place.replaceChildren(items.length > 0 ? rows : element("p", { class: "hint" }, nothing));
  if (next) place.append(moreButton(rows, next, row));
}

/** @param {HTMLElement} rows @param {string} path @param {(item: any) => HTMLElement} row */
function moreButton(rows, path, row) {
  const button = element("button", { type: "button", class: "link" }, "Show more");
  button.addEventListener("click", () => tellIfItFails(parlor.api.page(path).then(({ items, next }) => {
    rows.append(...items.map(row));
    button.remove();
    if (next) rows.after(moreButton(rows, next, row));
  })));
  return button;
}

const showRooms = () => list(byId("rooms"), `/api/admin/rooms/?limit=20&q=${encodeURIComponent(value("rooms-query"))}`, roomRow, "No room's code begins so.");

async function showUsers() {
  const query = value("users-query");
  const filter = query === "" ? "" : query.includes("@") ? `&email=${encodeURIComponent(query)}` : `&username=${encodeURIComponent(query)}`;
  await list(byId("users"), `/api/admin/users/?limit=20${filter}`, userRow, "Nobody was found.");
}

const showTrail = () => list(byId("trail"), "/api/admin/audit/?limit=10", trailRow, "Nothing yet.");

/** @param {string} id */
const value = (id) => /** @type {HTMLInputElement} */ (byId(id)).value.trim();

/** @param {string} name @param {string} line @param {string[]} tags */
const rowText = (name, line, tags) => [element("span", { class: "row-text" }, name, element("span", { class: "row-line" }, line)),
  ...tags.map((text) => element("span", { class: "tag quiet-tag" }, text))];

/** @param {string} label @param {import("../page/menu.js").Action[]} actions */
function menuButton(label, actions) {
  const button = element("button", { type: "button", class: "icon-button", "aria-label": label, "aria-haspopup": "menu" }, icon("more"));
  button.addEventListener("click", () => openMenu(button, actions));
  return button;
}

/** @param {any} room */
function roomRow(room) {
  const isOpen = room.state === "ACTIVE";
  const tags = [...(isOpen ? [] : ["closed"]), ...(room.is_private ? ["private"] : []), ...(room.is_locked ? ["locked"] : [])];
  const row = element("li", {}, ...rowText(room.name || room.code, `${room.code} · ${room.host ?? "no host"} · ${plural(room.members_count, "member")}`, tags));
  if (isOpen) row.append(menuButton(`What to do with ${room.name}`, [
    { label: "Go in", run: () => location.assign(roomAddress(room.code)) },
    { label: "Close it", isBad: true, run: () => closeRoom(room) },
  ]));
  return row;
}

/** @param {any} room */
async function closeRoom(room) {
  if (!(await confirmed(`Close ${room.name}?`, "Everybody is sent out, and nobody can come back.", "Close it"))) return;
  if (await tellIfItFails(parlor.rooms.close(room.code), "Closed.")) await showRooms();
}

/** @param {any} user */
function userRow(user) {
  const tags = [...(user.role === "admin" ? ["admin"] : []), ...(user.is_guest ? ["guest"] : []), ...(user.is_disabled ? ["disabled"] : [])];
  const row = element("li", {}, avatar(user.display_name, user.photo), ...rowText(user.display_name, [user.username, user.email].filter(Boolean).join(" · ") || `number ${user.id}`, tags));
  if (user.id !== parlor.session.user?.id) row.append(menuButton(`What to do with ${user.display_name}`, userActions(user)));
  return row;
}

/** @param {any} user @returns {import("../page/menu.js").Action[]} */
function userActions(user) {
  const change = (/** @type {object} */ changes) => after(parlor.api.patch(`/api/admin/users/${user.id}/`, changes));
  const role = user.role === "admin" ? { label: "Take the role away", run: () => change({ role: "member" }) } : { label: "Make an admin", run: () => change({ role: "admin" }) };
  return [
    { label: "End all sessions", run: () => after(parlor.api.post(`/api/admin/users/${user.id}/end-sessions/`)) },
    ...(user.is_guest ? [] : [role]),
    user.is_disabled ? { label: "Enable", run: () => change({ is_disabled: false }) } : { label: "Disable", isBad: true, run: () => change({ is_disabled: true }) },
  ];
}

/** @param {Promise<unknown>} request */
async function after(request) {
  if (await tellIfItFails(request, "Done.")) await Promise.allSettled([showUsers(), showTrail()]);
}

/** @param {any} record */
function trailRow({ at, action, admin, user }) {
  const who = admin === null ? "by a command" : `by number ${admin}`;
  return element("li", {}, ...rowText(String(action).replaceAll("_", " ").toLowerCase(), `${fullTime(new Date(at))} · ${user === null ? "" : `number ${user}, `}${who}`, []));
}

for (const [form, show] of /** @type {[string, () => Promise<void>][]} */ ([["find-rooms", showRooms], ["find-users", showUsers]])) {
  byId(form).addEventListener("submit", (event) => {
    event.preventDefault();
    tellIfItFails(show());
  });
  byId(form).addEventListener("input", () => value(form.replace("find-", "") + "-query") === "" && tellIfItFails(show()));
}
parlor.session.addEventListener("change", open);
setInterval(() => document.visibilityState === "visible" && !byId("desk").hidden && !byId("live").hidden && showFigures(), EVERY);
open();
