import assert from "node:assert/strict";
import { test } from "node:test";
import { columns } from "../admin/live.js";
import { wanted } from "../admin/webhook-form.js";
import { changes } from "../rooms/settings.js";

test("the highest column fills the chart, and an hour of silence draws nothing", () => {
  assert.deepEqual(columns([0, 5, 10]).map(({ height }) => height), [0, 24, 48]);
  assert.deepEqual(columns([0, 0]).map(({ height }) => height), [0, 0]);
  assert.deepEqual(columns([]), []);
});

test("a webhook's form says where to and what of, and the rest of its fields stay out", () => {
  assert.deepEqual(wanted({ url: " https://parlor.example ", message: "true", member: "false", room: "true" }), { url: "https://parlor.example", events: ["message", "room"] });
  assert.deepEqual(wanted({ url: "", message: "false", member: "false", room: "false" }), { url: "", events: [] });
});

test("a room's settings send what was changed alone, and letting other programs listen is among them", () => {
  const room = { name: "Den", description: null, entry_mode: "OPEN", slow_mode_seconds: 0, who_may_queue: "HOST", is_chat_enabled: true, is_locked: false, is_private: false, ready_gate: false, webhooks: false };
  const values = { ...Object.fromEntries(Object.entries(room).map(([name, value]) => [name, String(value ?? "")])), password: "" };
  assert.deepEqual(changes(values, room), {});
  assert.deepEqual(changes({ ...values, webhooks: "true" }, room), { webhooks: true });
});
