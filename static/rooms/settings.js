import { confirmed, openDialog } from "../page/dialog.js";
import { element } from "../page/element.js";
import { checkbox, choice, field, form } from "../page/form.js";
import { tellIfItFails } from "../page/toast.js";

/**
 * What host and co-hosts may change about their room.
 *
 * @param {import("../parlor.js").Parlor} parlor
 * @param {Record<string, any>} room  its details
 * @param {(room: Record<string, any>) => void} onChanged
 */
export function settings(parlor, room, onChanged) {
  const entry = choice({
    name: "entry_mode", label: "Who gets in", value: room.entry_mode,
    options: [["OPEN", "Everybody who has the link"], ["APPROVAL", "Those whom we let in"], ["PASSWORD", "Those who know the password"]],
  });
  const { close } = openDialog("This room", form("Save", async (values) => {
    const changed = await parlor.rooms.change(room.code, changes(values, room));
    close();
    onChanged(changed);
    if (changed.room_password) openDialog("The room's password", element("p", {}, "It is shown this once:"), element("p", { class: "secret" }, changed.room_password));
  },
  field({ name: "name", label: "Name", value: room.name, maxlength: 100 }),
  field({ name: "description", label: "What it is about", value: room.description ?? "", maxlength: 500 }),
  entry,
  field({ name: "password", label: "New password", type: "password", autocomplete: "new-password", hint: "Only needed where a password lets people in.", maxlength: 128 }),
  choice({
    name: "slow_mode_seconds", label: "Pause between one person's messages", value: String(room.slow_mode_seconds),
    options: slowModes(room.slow_mode_seconds),
  }),
  choice({ name: "who_may_queue", label: "Who may add to what is watched next", value: room.who_may_queue, options: [["HOST", "Host and co-hosts"], ["MEMBERS", "Everybody"]] }),
  checkbox({ name: "is_chat_enabled", label: "Messages are allowed", checked: room.is_chat_enabled }),
  checkbox({ name: "is_locked", label: "Locked: nobody new gets in", checked: room.is_locked }),
  checkbox({ name: "is_private", label: "Off the public list", checked: room.is_private }),
  checkbox({ name: "ready_gate", label: "Start only when everybody's player is ready", checked: room.ready_gate })));
}

/** @param {number} present @returns {[string, string][]} */
function slowModes(present) {
  /** @type {[number, string][]} */
  const known = [[0, "None"], [5, "5 seconds"], [10, "10 seconds"], [30, "30 seconds"], [60, "1 minute"], [300, "5 minutes"]];
  if (!known.some(([seconds]) => seconds === present)) known.push([present, `${present} seconds`]);
  return known.sort(([a], [b]) => a - b).map(([seconds, text]) => [String(seconds), text]);
}

/** What differs from how it is. @param {Record<string, string>} values @param {Record<string, any>} room */
export function changes(values, room) {
  /** @type {Record<string, any>} */
  const wanted = {
    name: values.name.trim(),
    description: values.description.trim(),
    entry_mode: values.entry_mode,
    slow_mode_seconds: Number(values.slow_mode_seconds),
    who_may_queue: values.who_may_queue,
  };
  for (const name of ["is_chat_enabled", "is_locked", "is_private", "ready_gate"]) wanted[name] = values[name] === "true";
  const differing = Object.entries(wanted).filter(([name, value]) => value !== (room[name] ?? ""));
  return { ...Object.fromEntries(differing), ...(values.password ? { password: values.password } : {}) };
}

/** @param {import("../parlor.js").Parlor} parlor @param {Record<string, any>} room */
export async function closeRoom(parlor, room) {
  if (!(await confirmed("Close this room?", "Everybody is sent out, and nobody can come back. The code stays taken.", "Close the room"))) return;
  if (await tellIfItFails(parlor.rooms.close(room.code))) location.assign("./");
}

/** @param {import("../parlor.js").Parlor} parlor @param {Record<string, any>} room */
export async function leaveRoom(parlor, room) {
  if (!(await confirmed("Leave this room?", "You are no longer a member then. To be away for a while, close the tab instead.", "Leave"))) return;
  if (await tellIfItFails(parlor.rooms.leave(room.code))) location.assign("./");
}
