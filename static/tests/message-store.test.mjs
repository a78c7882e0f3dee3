import assert from "node:assert/strict";
import { test } from "node:test";
import { continues, MessageStore } from "../chat/message-store.js";
import { having } from "../chat/search.js";
import { Typists, TYPING_ENDS } from "../chat/typists.js";

const message = (id, more = {}) => ({ id, message: `text ${id}`, sender_id: 1, user: "Ann", created_at: "2026-01-01T12:00:00.000000+00:00", reactions: {}, ...more });
const ids = (store) => store.messages.map(({ id }) => id);

function filled() {
  const store = new MessageStore();
  store.replace([message(10), message(12)], true);
  return store;
}

test("history begins anew, and older pages go before it", () => {
  const store = filled();
  assert.deepEqual(store.older([message(7), message(10)], null), [7]);
  assert.deepEqual(ids(store), [7, 10, 12]);
  assert.equal(store.hasOlder, false);
  store.replace([], false);
  assert.deepEqual(ids(store), []);
});

test("messages stand in the order of their ids, each once", () => {
  const store = filled();
  assert.deepEqual(store.apply("message", message(14), 1).ids, [14]);
  assert.deepEqual(store.apply("message", message(13), 1).ids, [13]);
  assert.deepEqual(store.apply("message", message(13), 1).ids, []);
  assert.deepEqual(ids(store), [10, 12, 13, 14]);
  assert.equal(store.previous(13).id, 12);
  assert.equal(store.following(13).id, 14);
});

test("what was deleted before it came is not shown", () => {
  const store = filled();
  store.apply("message", message(13, { deleted: true, message: "" }), 1);
  assert.deepEqual(ids(store), [10, 12]);
});

test("edits, deletions and clears reach their messages, and do no harm where those are unknown", () => {
  const store = filled();
  store.apply("edited", { message_id: 10, message: "new", edited_at: "x" }, 1);
  assert.equal(store.get(10).message, "new");
  assert.deepEqual(store.apply("edited", { message_id: 99, message: "new" }, 1).ids, []);
  assert.deepEqual(store.apply("deleted", { message_id: 10 }, 1).ids, [10]);
  assert.deepEqual(store.apply("cleared", { message_ids: [12, 99] }, 1).ids, [12]);
  assert.deepEqual(ids(store), []);
});

test("reactions know which are one's own", () => {
  const store = filled();
  store.apply("reacted", { message_id: 10, user_id: 1, reaction: "👍", added: true, reactions: { "👍": 1 } }, 1);
  store.apply("reacted", { message_id: 10, user_id: 2, reaction: "👍", added: true, reactions: { "👍": 2 } }, 1);
  assert.deepEqual([store.get(10).reactions, store.get(10).my_reactions], [{ "👍": 2 }, ["👍"]]);
  store.apply("reacted", { message_id: 10, user_id: 1, reaction: "👍", added: false, reactions: { "👍": 1 } }, 1);
  assert.deepEqual(store.get(10).my_reactions, []);
});

test("a long evening stays light, and what was let go can be had again", () => {
  const store = new MessageStore();
  store.replace(Array.from({ length: 30 }, (_, index) => message(index + 1)), false);
  assert.equal(store.trim(10).length, 20);
  assert.deepEqual([store.hasOlder, store.before, store.messages.length], [true, 21, 10]);
});

test("messages of one person stand together for five minutes, answers apart", () => {
  const later = (minutes) => `2026-01-01T12:0${minutes}:00.000000+00:00`;
  assert.equal(continues(message(2, { created_at: later(4) }), message(1)), true);
  assert.equal(continues(message(2, { created_at: later(6) }), message(1)), false);
  assert.equal(continues(message(2, { sender_id: 2 }), message(1)), false);
  assert.equal(continues(message(2, { reply_to: 1 }), message(1)), false);
  assert.equal(continues(message(1), null), false);
});

test("whoever types is named until they stop, send or fall silent", () => {
  const typists = new Typists();
  typists.heard({ user_id: 1, user: "Ann", is_typing: true }, 0);
  typists.heard({ user_id: 2, user: "Bob", is_typing: true }, 1000);
  assert.equal(typists.sentence(1000), "Ann and Bob are typing…");
  typists.stopped(1);
  assert.equal(typists.sentence(1000), "Bob is typing…");
  assert.equal(typists.sentence(1000 + TYPING_ENDS), "");
});

test("only what has all the words was found", () => {
  assert.deepEqual(having([message(1, { message: "Film at nine" }), message(2, { message: "film" })], "FILM nine").map(({ id }) => id), [1]);
});
