import { signIn } from "../account/sign-in.js";
import { openDialog } from "../page/dialog.js";
import { element } from "../page/element.js";
import { checkbox, choice, field, form } from "../page/form.js";
import { roomAddress } from "./address.js";

/**
 * Starting a room: at once, or with a name and rules.
 *
 * @typedef {import("../parlor.js").Parlor} Parlor
 */

/** Guests may not start rooms. @param {Parlor} parlor @returns {Promise<boolean>} whether it can go on */
async function withAccount(parlor) {
  if (parlor.session.user && !parlor.session.user.is_guest) return true;
  const reason = "Starting a room takes an account: a name and a password, nothing else. Joining one takes none.";
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
    name: "entry_mode", label: "Who gets in", value: "OPEN",
    options: [["OPEN", "Everybody who has the link"], ["APPROVAL", "Those whom I let in"], ["PASSWORD", "Those who know the password"]],
  });
  const password = field({ name: "password", label: "Password", hint: "Left empty, one is made up and shown to you once.", maxlength: 128 });
  password.hidden = true;
  entry.querySelector("select")?.addEventListener("change", (event) => {
    password.hidden = /** @type {HTMLSelectElement} */ (event.target).value !== "PASSWORD";
  });
  const rules = form("Start the room", async ({ name, code, entry_mode: mode, password: secret, is_private: hidden }) => {
    await startRoom(parlor, {
      ...(name.trim() ? { name: name.trim() } : {}),
      ...(code.trim() ? { code: code.trim() } : {}),
      ...(mode === "PASSWORD" && secret ? { password: secret } : {}),
      entry_mode: mode,
      is_private: hidden === "true",
    });
  }, field({ name: "name", label: "Name", placeholder: "Film night", maxlength: 100 }),
    field({ name: "code", label: "Code for the link", placeholder: "made up if left empty", maxlength: 64 }),
    entry, password, checkbox({ name: "is_private", label: "Keep it off the public list" }));
  openDialog("A new room", rules);
}

/** @param {string} password */
async function tellPassword(password) {
  const text = element("p", { class: "secret" }, password);
  const { closed } = openDialog("The room's password", element("p", {}, "It is shown this once. Tell it to those who may come in:"), text);
  await closed;
}
