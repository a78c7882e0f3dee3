import assert from "node:assert/strict";
import { test } from "node:test";
import { Roster } from "../rooms/roster.js";

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
