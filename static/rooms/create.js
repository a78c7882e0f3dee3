import { signIn } from "../account/sign-in.js";
import { openDialog } from "../page/dialog.js";
import { element } from "../page/element.js";
import { checkbox, choice, field, form } from "../page/form.js";
import { t } from "../text/text.js";
import { roomAddress } from "./address.js";

/**
 * Starting a room: at once, or with a name and rules.
 *
 * @typedef {import("../client/server.js").Server} Parlor
 */

/** Guests may not start rooms. @param {Parlor} parlor @returns {Promise<boolean>} whether it can go on */
async function withAccount(parlor) {
  if (parlor.session.user && !parlor.session.user.is_guest) return true;
  const reason = t("create.needsAccount");
  return signIn(parlor, { mode: "register", modes: ["register", "sign in"], reason });
}

/** Makes a room and goes there. @param {Parlor} parlor @param {object} [options] */
export async function startRoom(parlor, options = {}) {
  if (!(await withAccount(parlor))) return;
  const made = await parlor.rooms.create(options);
  if (made.room_password) await tellPassword(made.room_password);
  location.assign(roomAddress(made.code));
}

/** @param {Parlor} parlor */
export async function startRoomWithOptions(parlor) {
  if (!(await withAccount(parlor))) return;
  const entry = choice({
    name: "entry_mode", label: t("entry.who"), value: "OPEN",
    options: [["OPEN", t("entry.open")], ["APPROVAL", t("entry.approval")], ["PASSWORD", t("entry.password")]],
  });
  const password = field({ name: "password", label: t("password"), hint: t("create.passwordHint"), maxlength: 128 });
  password.hidden = true;
  entry.querySelector("select")?.addEventListener("change", (event) => {
    password.hidden = /** @type {HTMLSelectElement} */ (event.target).value !== "PASSWORD";
  });
  const rules = form(t("create.start"), async ({ name, code, entry_mode: mode, password: secret, is_private: hidden }) => {
    await startRoom(parlor, {
      ...(name.trim() ? { name: name.trim() } : {}),
      ...(code.trim() ? { code: code.trim() } : {}),
      ...(mode === "PASSWORD" && secret ? { password: secret } : {}),
      entry_mode: mode,
      is_private: hidden === "true",
    });
  }, field({ name: "name", label: t("room.name"), placeholder: t("create.example"), maxlength: 100 }),
    field({ name: "code", label: t("create.code"), placeholder: t("create.codeHint"), maxlength: 64 }),
    entry, password, checkbox({ name: "is_private", label: t("create.private") }));
  openDialog(t("create.title"), rules);
}

/** @param {string} password */
async function tellPassword(password) {
  const text = element("p", { class: "secret" }, password);
  const { closed } = openDialog(t("room.password"), element("p", {}, t("create.tellPassword")), text);
  await closed;
}
