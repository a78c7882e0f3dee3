import assert from "node:assert/strict";
import { test } from "node:test";
import { ACKNOWLEDGED_WITHIN, Outbox } from "../client/outbox.js";
import { fakeStorage } from "./fakes.mjs";

function setUp(storage = fakeStorage()) {
  const time = { now: 1_000 };
  let next = 1;
  const open = () => new Outbox({ now: () => time.now, newId: () => `c-${next++}`, storage, key: "outbox" });
  return { time, storage, open, outbox: open() };
}

const texts = (outbox) => outbox.entries.map(({ payload }) => payload.message);

test("one message is under way at a time, in the order of writing", () => {
  const { outbox } = setUp();
  const first = outbox.add({ message: "1" });
  const second = outbox.add({ message: "2" });
  assert.equal(outbox.next(), first);
  outbox.sent(first);
  assert.equal(outbox.next(), null);
  assert.equal(outbox.acknowledge(first.clientMsgId), true);
  assert.equal(outbox.next(), second);
  assert.equal(outbox.acknowledge("a stranger's"), false);
});

test("after a broken connection what was under way goes again, under the same name", () => {
  const { outbox } = setUp();
  const entry = outbox.add({ message: "1" });
  outbox.sent(entry);
  outbox.disconnected();
  assert.equal(outbox.next().clientMsgId, entry.clientMsgId);
});

test("a limit is waited out, a refusal fails and lets the next one pass", () => {
  const { outbox, time } = setUp();
  const first = outbox.add({ message: "1" });
  outbox.add({ message: "2" });
  outbox.sent(first);
  outbox.refuse({ client_msg_id: first.clientMsgId, code: "RATE_LIMITED", message: "Too fast.", retry_after: 0.6 });
  assert.equal(outbox.next(), null);
  assert.equal(outbox.wait, 600);
  time.now += 600;
  outbox.sent(outbox.next());
  outbox.refuse({ client_msg_id: first.clientMsgId, code: "MUTED", message: "You are muted." });
  assert.equal(outbox.entries[0].problem, "You are muted.");
  assert.equal(outbox.next().payload.message, "2");
  outbox.retry(first.clientMsgId);
  assert.equal(outbox.next().payload.message, "1");
});

test("a slow mode of minutes is left to the writer", () => {
  const { outbox } = setUp();
  const entry = outbox.add({ message: "1" });
  outbox.refuse({ client_msg_id: entry.clientMsgId, code: "SLOW_MODE", message: "Wait.", retry_after: 600 });
  assert.equal(entry.state, "failed");
  outbox.discard(entry.clientMsgId);
  assert.deepEqual(texts(outbox), []);
});

test("silence is noticed", () => {
  const { outbox, time } = setUp();
  outbox.sent(outbox.add({ message: "1" }));
  assert.equal(outbox.isOverdue, false);
  time.now += ACKNOWLEDGED_WITHIN;
  assert.equal(outbox.isOverdue, true);
});

test("a reload loses nothing, and garbled storage does no harm", () => {
  const { outbox, open } = setUp();
  outbox.sent(outbox.add({ message: "1" }));
  outbox.add({ message: "2" });
  const reloaded = open();
  assert.deepEqual(texts(reloaded), ["1", "2"]);
  assert.equal(reloaded.next().clientMsgId, "c-1");
  for (const kept of ["{", "null", "7", '[{"clientMsgId":1}]']) assert.deepEqual(texts(setUp(fakeStorage({ outbox: kept })).outbox), [], kept);
});
