import assert from "node:assert/strict";
import { test } from "node:test";
import { correct, positionAt, replaces } from "../watch/sync.js";
import { Roster } from "../rooms/roster.js";

const AT = "2026-01-01T12:00:00.000000+00:00";
const START = Date.parse(AT);
const playing = { is_playing: true, time: 10, version: 3, server_time: AT, rate: 1 };

test("the position goes on with the server's clock, at the room's rate", () => {
  assert.equal(positionAt(playing, START + 2500), 12.5);
  assert.equal(positionAt({ ...playing, rate: 2 }, START + 2500), 15);
  assert.equal(positionAt({ ...playing, is_playing: false }, START + 2500), 10);
  assert.equal(positionAt({ ...playing, waiting: true }, START + 2500), 10);
});

test("before it starts it is where it will start", () => {
  const soon = { ...playing, starts_at: "2026-01-01T12:00:01.000000+00:00" };
  assert.equal(positionAt(soon, START + 500), 10);
  assert.equal(positionAt(soon, START + 1500), 10.5);
});

test("a small difference is left, a larger one is caught up with, a great one is jumped over", () => {
  assert.deepEqual(correct(10, 10.03, 1, true), { rate: 1 });
  assert.ok(correct(10, 10.2, 1, true).rate < 1);
  assert.ok(correct(10, 9.8, 1, true).rate > 1);
  assert.deepEqual(correct(10, 12, 1, true), { seek: 10 });
  assert.deepEqual(correct(10, 10.3, 1, false), { rate: 1 });
  assert.deepEqual(correct(10, 10.6, 1, false), { seek: 10 });
});

test("an older state that comes late replaces nothing, a join's always does", () => {
  assert.equal(replaces(playing, { ...playing, version: 2 }), false);
  assert.equal(replaces(playing, { ...playing, version: 4 }), true);
  assert.equal(replaces(playing, { ...playing, version: 0, cause: "join" }), true);
  assert.equal(replaces(null, playing), true);
});

test("who is here is told by the socket, who belongs here by the list", () => {
  const person = (id, more = {}) => ({ id, display_name: `P${id}`, photo: null, role: "member", is_host: false, is_cohost: false, is_guest: false, status: "APPROVED", present: false, muted_until: null, last_read_id: 0, ...more });
  const roster = new Roster();
  roster.replace([person(1), person(2, { is_host: true }), person(3)]);
  roster.here({ members: [person(1), person(4)], count: 2, host_id: 2 });
  assert.deepEqual(roster.present.map(({ id }) => id), [1, 4]);
  assert.deepEqual(roster.away.map(({ id }) => id), [2, 3]);
  assert.equal(roster.joined({ user_id: 3, user: "P3" }), false);
  assert.equal(roster.joined({ user_id: 5, user: "P5" }), true);
  roster.left({ user_id: 1 });
  assert.equal(roster.count, 3);
  roster.hostChanged({ host_id: 3 });
  assert.equal(roster.all[0].id, 3);
  assert.equal(roster.get(2).is_host, false);
  roster.replace([person(1), person(3)]);
  assert.deepEqual(roster.present.map(({ id }) => id), [3]);
});
