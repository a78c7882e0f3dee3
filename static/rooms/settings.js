import { confirmed, openDialog } from "../page/dialog.js";
import { element } from "../page/element.js";
import { checkbox, choice, field, form } from "../page/form.js";
import { tellIfItFails } from "../page/toast.js";
import { t } from "../text/text.js";

/**
 * What host and co-hosts may change about their room.
 *
 * @param {import("../client/server.js").Server} parlor
 * @param {Record<string, any>} room  its details
 * @param {(room: Record<string, any>) => void} onChanged
 */
export function settings(parlor, room, onChanged) {
  const entry = choice({
    name: "entry_mode", label: t("entry.who"), value: room.entry_mode,
    options: [["OPEN", t("entry.open")], ["APPROVAL", t("entry.approvalByUs")], ["PASSWORD", t("entry.password")]],
  });
  const { close } = openDialog(t("settings.title"), form(t("save"), async (values) => {
    const changed = await parlor.rooms.change(room.code, changes(values, room));
    close();
    onChanged(changed);
    if (changed.room_password) openDialog(t("room.password"), element("p", {}, t("settings.passwordOnce")), element("p", { class: "secret" }, changed.room_password));
  },
  field({ name: "name", label: t("room.name"), value: room.name, maxlength: 100 }),
  field({ name: "description", label: t("settings.about"), value: room.description ?? "", maxlength: 500 }),
  entry,
  field({ name: "password", label: t("newPassword"), type: "password", autocomplete: "new-password", hint: t("settings.passwordHint"), maxlength: 128 }),
  choice({
    name: "slow_mode_seconds", label: t("settings.slow"), value: String(room.slow_mode_seconds),
    options: slowModes(room.slow_mode_seconds),
  }),
  choice({ name: "who_may_queue", label: t("settings.queue"), value: room.who_may_queue, options: [["HOST", t("settings.hosts")], ["MEMBERS", t("everybody")]] }),
  checkbox({ name: "is_chat_enabled", label: t("settings.chat"), checked: room.is_chat_enabled }),
  checkbox({ name: "is_locked", label: t("settings.locked"), checked: room.is_locked }),
  checkbox({ name: "is_private", label: t("settings.private"), checked: room.is_private }),
  checkbox({ name: "ready_gate", label: t("settings.gate"), checked: room.ready_gate }),
  checkbox({ name: "webhooks", label: t("settings.webhooks"), checked: room.webhooks })));
}

/** @param {number} present @returns {[string, string][]} */
function slowModes(present) {
  /** @type {[number, string][]} */
  const known = [[0, t("settings.none")], ...[5, 10, 30].map((count) => /** @type {[number, string]} */ ([count, t("seconds", { count })])), [60, t("minutes", { count: 1 })], [300, t("minutes", { count: 5 })]];
  if (!known.some(([seconds]) => seconds === present)) known.push([present, t("seconds", { count: present })]);
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
  for (const name of ["is_chat_enabled", "is_locked", "is_private", "ready_gate", "webhooks"]) wanted[name] = values[name] === "true";
  const differing = Object.entries(wanted).filter(([name, value]) => value !== (room[name] ?? ""));
  return { ...Object.fromEntries(differing), ...(values.password ? { password: values.password } : {}) };
}

/** @param {import("../client/server.js").Server} parlor @param {Record<string, any>} room */
export async function closeRoom(parlor, room) {
  if (!(await confirmed(t("settings.closeAsk"), t("settings.closeWhat"), t("settings.closeYes")))) return;
  if (await tellIfItFails(parlor.rooms.close(room.code))) location.assign("./");
}

/** @param {import("../client/server.js").Server} parlor @param {Record<string, any>} room */
export async function leaveRoom(parlor, room) {
  if (!(await confirmed(t("settings.leaveAsk"), t("settings.leaveWhat"), t("settings.leaveYes")))) return;
  if (await tellIfItFails(parlor.rooms.leave(room.code))) location.assign("./");
}
