import assert from "node:assert/strict";
import { test } from "node:test";
import { LogCursor } from "../client/log-cursor.js";

const ids = (events) => events.map(({ id }) => id);
const started = (at = 0) => {
  const cursor = new LogCursor();
  cursor.startAt(at);
  return cursor;
};

test("events are due once and in the order of their ids, however they come", () => {
  const cursor = started(10);
  assert.deepEqual(ids(cursor.take({ id: 12 })), []);
  assert.equal(cursor.hasGap, true);
  assert.deepEqual(ids(cursor.take({ id: 11 })), [11, 12]);
  assert.deepEqual(ids(cursor.take({ id: 12 })), []);
  assert.equal(cursor.hasGap, false);
  assert.equal(cursor.position, 12);
});

test("what comes before the log's end is told waits for it", () => {
  const cursor = new LogCursor();
  assert.deepEqual(ids(cursor.take({ id: 5 })), []);
  assert.deepEqual(ids(cursor.take({ id: 6 })), []);
  assert.deepEqual(ids(cursor.startAt(5)), [6]);
});

test("a heartbeat shows a gap that no event shows", () => {
  const cursor = started(3);
  cursor.knows(4);
  assert.equal(cursor.hasGap, true);
  assert.deepEqual(ids(cursor.take({ id: 4 })), [4]);
  assert.equal(cursor.hasGap, false);
});

test("what the server has let go is given up, and what waited behind it is due", () => {
  const cursor = started(3);
  cursor.take({ id: 9 });
  assert.deepEqual(ids(cursor.giveUpTo(8)), [9]);
  assert.deepEqual(ids(cursor.giveUpTo(2)), []);
  assert.equal(cursor.position, 9);
});
