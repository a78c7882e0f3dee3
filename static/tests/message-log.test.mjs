import assert from "node:assert/strict";
import { test } from "node:test";
import { MessageLog } from "../feed/message-log.js";

const AT = new Date(0);
const text = (words) => ({ kind: "text", text: words });
const HEARTBEAT = { kind: "heartbeat", text: "[ping] Server heartbeat" };

test("the oldest message goes when there are too many", () => {
  const log = new MessageLog({ messages: 2 });
  const first = log.add(text("1"), AT).entry;
  assert.deepEqual(log.add(text("2"), AT).dropped, []);
  assert.deepEqual(log.add(text("3"), AT).dropped, [first]);
  assert.equal(log.size, 2);
  assert.equal(log.forgotten, 1);
  assert.deepEqual(log.received, { messages: 3, heartbeats: 0 });
});

test("heartbeats never push out a message", () => {
  const log = new MessageLog({ messages: 2, heartbeats: 3 });
  log.add(text("kept"), AT);
  let dropped = 0;
  for (let beat = 0; beat < 10; beat += 1) dropped += log.add(HEARTBEAT, AT).dropped.length;
  assert.equal(dropped, 7);
  assert.equal(log.size, 1);
  assert.equal(log.forgotten, 0);
  assert.equal(log.received.heartbeats, 10);
});

test("many long messages are bounded by their length, but the newest always stays", () => {
  const log = new MessageLog({ characters: 10 });
  log.add(text("aaaaaa"), AT);
  assert.equal(log.add(text("bbbbbb"), AT).dropped.length, 1);
  assert.equal(log.add(text("c".repeat(50)), AT).dropped.length, 1);
  assert.equal(log.size, 1);
  assert.equal(log.add(text("d"), AT).dropped.length, 1);
  assert.equal(log.add(text("e"), AT).dropped.length, 0);
});

test("a note about a gap is kept but not counted as a message", () => {
  const log = new MessageLog();
  log.add({ kind: "gap", text: "lost" }, AT);
  assert.equal(log.size, 1);
  assert.equal(log.received.messages, 0);
});

test("clearing forgets everything and names what has to leave the page", () => {
  const log = new MessageLog();
  const ids = [log.add(text("a"), AT), log.add(HEARTBEAT, AT)].map(({ entry }) => entry.id);
  assert.deepEqual(log.clear().map(({ id }) => id), ids);
  assert.equal(log.size, 0);
  assert.deepEqual(log.received, { messages: 0, heartbeats: 0 });
  assert.ok(log.add(text("b"), AT).entry.id > Math.max(...ids));
});
