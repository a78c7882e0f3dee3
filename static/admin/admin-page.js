import { signIn } from "../account/sign-in.js";
import { avatar } from "../page/avatar.js";
import { confirmed } from "../page/dialog.js";
import { bdi, byId, element } from "../page/element.js";
import { fillFoot } from "../page/foot.js";
import { shortTime } from "../page/format.js";
import { parlor } from "../page/here.js";
import { addShortcuts } from "../page/keyboard.js";
import { tellIfItFails } from "../page/toast.js";
import { roomAddress } from "../rooms/address.js";
import { sentenceOf } from "../text/problems.js";
import { isText, t } from "../text/text.js";
import { showLive } from "./live.js";
import { menuButton, rowText, showPage } from "./rows.js";
import { showWebhooks } from "./webhooks.js";

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
    const button = element("button", { type: "button", class: "link" }, t("signIn"));
    button.addEventListener("click", () => signIn(parlor, { modes: ["sign in"] }));
    return hint(`${t("admin.only")} `, button);
  }
  try {
    await showUsers();
  } catch (error) {
    const { status } = /** @type {import("../client/http.js").RequestError} */ (error);
    return hint(status === 403 ? t("admin.notYou") : sentenceOf(error));
  }
  byId("admin-hint").hidden = true;
  byId("desk").hidden = false;
  await Promise.allSettled([showRooms(), showTrail(), showFigures(), showWebhooks(byId("webhooks"), showTrail)]);
}

/** A server that counts nothing shows none. */
async function showFigures() {
  const figures = await parlor.api.get("/api/admin/live/").catch(() => null);
  byId("live").hidden = figures === null;
  if (figures) showLive(figures, byId("figures"), byId("chart"));
}

const showRooms = () => showPage(byId("rooms"), `/api/admin/rooms/?limit=20&q=${encodeURIComponent(value("rooms-query"))}`, roomRow, t("admin.noRoom"));

async function showUsers() {
  const query = value("users-query");
  const filter = query === "" ? "" : query.includes("@") ? `&email=${encodeURIComponent(query)}` : `&username=${encodeURIComponent(query)}`;
  await showPage(byId("users"), `/api/admin/users/?limit=20${filter}`, userRow, t("admin.noPerson"));
}

const showTrail = () => showPage(byId("trail"), "/api/admin/audit/?limit=10", trailRow, t("admin.nothing"));

/** @param {string} id */
const value = (id) => /** @type {HTMLInputElement} */ (byId(id)).value.trim();

/** @param {any} room */
function roomRow(room) {
  const isOpen = room.state === "ACTIVE";
  const tags = [...(isOpen ? [] : [t("admin.closed")]), ...(room.is_private ? [t("admin.private")] : []), ...(room.is_locked ? [t("admin.locked")] : [])];
  const row = element("li", {}, ...rowText(room.name || room.code, [`${room.code} · `, bdi(room.host ?? t("admin.noHost")), ` · ${t("admin.members", { count: room.members_count })}`], tags));
  if (isOpen) row.append(menuButton(room.name, [
    { label: t("admin.goIn"), run: () => location.assign(roomAddress(room.code)) },
    { label: t("admin.close"), isBad: true, run: () => closeRoom(room) },
  ]));
  return row;
}

/** @param {any} room */
async function closeRoom(room) {
  if (!(await confirmed(t("admin.closeAsk", { name: room.name }), t("admin.closeWhat"), t("admin.close")))) return;
  if (await tellIfItFails(parlor.rooms.close(room.code), t("admin.isClosed"))) await showRooms();
}

/** @param {any} user */
function userRow(user) {
  const tags = [...(user.role === "admin" ? [t("admin.role")] : []), ...(user.is_guest ? [t("guest")] : []), ...(user.is_disabled ? [t("admin.disabled")] : [])];
  const row = element("li", {}, avatar(user.display_name, user.photo), ...rowText(user.display_name, [user.username, user.email].filter(Boolean).join(" · ") || t("admin.number", { id: user.id }), tags));
  if (user.id !== parlor.session.user?.id) row.append(menuButton(user.display_name, userActions(user)));
  return row;
}

/** @param {any} user @returns {import("../page/menu.js").Action[]} */
function userActions(user) {
  const change = (/** @type {object} */ changes) => after(parlor.api.patch(`/api/admin/users/${user.id}/`, changes));
  const role = user.role === "admin" ? { label: t("admin.demote"), run: () => change({ role: "member" }) } : { label: t("admin.promote"), run: () => change({ role: "admin" }) };
  return [
    { label: t("admin.endSessions"), run: () => after(parlor.api.post(`/api/admin/users/${user.id}/end-sessions/`)) },
    ...(user.is_guest ? [] : [role]),
    user.is_disabled ? { label: t("admin.enable"), run: () => change({ is_disabled: false }) } : { label: t("admin.disable"), isBad: true, run: () => change({ is_disabled: true }) },
  ];
}

/** @param {Promise<unknown>} request */
async function after(request) {
  if (await tellIfItFails(request, t("done"))) await Promise.allSettled([showUsers(), showTrail()]);
}

/** @param {any} record */
function trailRow({ at, action, admin, user, webhook }) {
  const what = isText(`trail.${action}`) ? t(/** @type {any} */ (`trail.${action}`)) : String(action).replaceAll("_", " ");
  const whom = [...(user === null ? [] : [t("admin.number", { id: user })]), ...(webhook === null ? [] : [t("webhooks.id", { id: webhook })])];
  const who = admin === null ? t("admin.byCommand") : t("admin.byNumber", { id: admin });
  return element("li", {}, ...rowText(what, `${shortTime(new Date(at))} · ${[...whom, who].join(", ")}`));
}

for (const [form, show] of /** @type {[string, () => Promise<void>][]} */ ([["find-rooms", showRooms], ["find-users", showUsers]])) {
  byId(form).addEventListener("submit", (event) => {
    event.preventDefault();
    tellIfItFails(show());
  });
  byId(form).addEventListener("input", () => value(form.replace("find-", "") + "-query") === "" && tellIfItFails(show()));
}
fillFoot(byId("foot"));
addShortcuts({ keys: ["/"], label: t("search"), run: () => byId("users-query").focus() });
parlor.session.addEventListener("change", open);
setInterval(() => document.visibilityState === "visible" && !byId("desk").hidden && !byId("live").hidden && showFigures(), EVERY);
open();
