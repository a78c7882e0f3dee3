import assert from "node:assert/strict";
import { test } from "node:test";
import { Channel } from "../client/channel.js";
import { comingBack } from "../client/close.js";
import { RequestError } from "../client/http.js";
import { fakeSockets, FakeTime } from "./fakes.mjs";

const settle = () => new Promise((resolve) => setImmediate(resolve));
const message = (id, more = {}) => ({ type: "CHAT_MESSAGE", id, message: `text ${id}`, ...more });

async function setUp({ api = {} } = {}) {
  const time = new FakeTime();
  const sockets = fakeSockets();
  let name = 0;
  const browser = { WebSocket: sockets.FakeSocket, setTimeout: time.setTimeout, clearTimeout: time.clearTimeout, random: () => 0.5, now: () => time.now, isOnline: () => true };
  const calls = { post: async () => ({ ticket: "t" }), page: async () => ({ items: [], next: null }), ...api };
  const channel = new Channel("Kino-7", { api: calls, socketBase: "ws://host", newId: () => `c-${++name}`, browser });
  const heard = [];
  for (const type of ["history", "message", "edited", "refused", "playback"]) channel.addEventListener(type, ({ detail }) => heard.push(detail.id ?? type));
  channel.connect();
  await settle();
  const says = (frame) => sockets.last().receives(JSON.stringify(frame));
  const sent = () => sockets.last().sent.map((text) => JSON.parse(text)).filter(({ type }) => type !== "ping");
  return { channel, time, sockets, heard, says, sent };
}

async function greeted(options) {
  const all = await setUp(options);
  all.sockets.last().opens();
  all.says({ type: "CHAT_HISTORY", messages: [], last_id: 10, more: false });
  return all;
}

test("it opens with a ticket and no id, and comes back from the last id that it has", async () => {
  const { sockets, says, time } = await greeted();
  assert.equal(sockets.last().url, "ws://host/ws/room/Kino-7/");
  assert.deepEqual(sockets.last().protocols, ["parlor.v1", "ticket.t"]);
  says(message(11));
  sockets.last().ends(1006);
  time.pass(1000);
  await settle();
  assert.equal(sockets.last().url, "ws://host/ws/room/Kino-7/?since=11");
});

test("typing is told at most every three seconds; what begins sooner is told then, unless it has ended", async () => {
  const { channel, sent, time } = await greeted();
  const told = () => sent().map(({ type, is_typing: isTyping }) => (type === "typing" ? isTyping : type));
  channel.typing(true);
  channel.typing(true);
  assert.deepEqual(told(), [true]);
  channel.write({ message: "one" });
  channel.typing(true);
  assert.deepEqual(told(), [true, "CHAT_MESSAGE"]);
  time.pass(3_300);
  assert.deepEqual(told(), [true, "CHAT_MESSAGE", true]);
  channel.typing(false);
  channel.typing(true);
  channel.typing(false);
  time.pass(3_300);
  assert.deepEqual(told(), [true, "CHAT_MESSAGE", true, false]);
});

test("nothing is sent before the greeting; then one by one, each after the other's echo", async () => {
  const { channel, sockets, says, sent } = await setUp();
  channel.write({ message: "one" });
  channel.write({ message: "two" });
  sockets.last().opens();
  assert.deepEqual(sent(), []);
  says({ type: "CHAT_HISTORY", messages: [], last_id: 0 });
  assert.deepEqual(sent().map((frame) => [frame.message, frame.client_msg_id]), [["one", "c-1"]]);
  says(message(1, { client_msg_id: "c-1", is_self: true }));
  assert.equal(sent()[1].message, "two");
});

test("a message whose echo was lost with the socket is known from the replay, and not sent again", async () => {
  const { channel, sockets, says, sent, time } = await greeted();
  channel.write({ message: "one" });
  sockets.last().ends(1006);
  time.pass(1000);
  await settle();
  sockets.last().opens();
  says(message(11, { client_msg_id: "c-1", is_self: true, replayed: true }));
  says({ type: "RESUMED", last_id: 11 });
  assert.deepEqual(sent(), []);
  assert.equal(channel.outbox.entries.length, 0);
});

test("without an echo in ten seconds it takes another socket and sends the same again", async () => {
  const { channel, sockets, says, sent, time } = await greeted();
  channel.write({ message: "one" });
  time.pass(12_000);
  await settle();
  assert.equal(sockets.made.length, 2);
  sockets.last().opens();
  says({ type: "RESUMED", last_id: 10 });
  assert.equal(sent()[0].client_msg_id, "c-1");
});

test("a gap that stays is filled over HTTP, in order", async () => {
  const asked = [];
  const page = async (path) => {
    asked.push(path);
    return { items: [message(11), message(12)], next: null };
  };
  const { heard, says, time } = await greeted({ api: { page } });
  says(message(13));
  assert.deepEqual(heard, ["history"]);
  time.pass(2000);
  await settle();
  assert.deepEqual(asked, ["/api/rooms/Kino-7/events/?after=10"]);
  assert.deepEqual(heard, ["history", 11, 12, 13]);
});

test("a refused ticket is the close that the socket would have met", async () => {
  const post = async () => { throw new RequestError("You are banned here.", { status: 403, code: "BANNED" }); };
  const { channel, sockets } = await setUp({ api: { post } });
  assert.deepEqual(channel.state, { kind: "closed", closed: { code: 4010, reason: "BANNED" } });
  assert.equal(sockets.made.length, 0);
});

test("the close that an ERROR announces counts, since API Gateway closes with a code of its own", async () => {
  for (const [close, reason, kind] of [[4011, "REMOVED", "closed"], [4005, "ROOM_CLOSED", "closed"], [4008, "TOO_MANY_MESSAGES", "waiting"]]) {
    const { channel, sockets, says } = await greeted();
    says({ type: "ERROR", code: reason, message: "why", close });
    says({ type: "HEARTBEAT", last_id: 10 });
    sockets.last().ends(1000);
    assert.equal(channel.state.kind, kind);
    assert.deepEqual(channel.state.closed, { code: close, reason });
  }
});

test("what was announced on one socket is forgotten with it, and what only looks like it announces nothing", async () => {
  const { channel, sockets, says, time } = await greeted();
  says({ type: "ERROR", code: "TOO_MANY_MESSAGES", message: "why", close: 4008 });
  sockets.last().ends(1000);
  time.pass(1_000);
  await settle();
  sockets.last().opens();
  says({ type: "ERROR", code: "MUTED", message: "why" });
  says(message(11, { message: JSON.stringify({ type: "ERROR", code: "REMOVED", close: 4011 }), close: 4011 }));
  sockets.last().ends(1001);
  assert.deepEqual(channel.state.closed, { code: 1001, reason: "" });
});

test("a server that can't be reached for a ticket is tried again", async () => {
  const post = async () => { throw new RequestError("unreachable", { status: 0 }); };
  const { channel } = await setUp({ api: { post } });
  assert.equal(channel.state.kind, "waiting");
});

test("each close says what has to happen before coming back", () => {
  const of = Object.fromEntries([1001, 1006, 4001, 4002, 4003, 4005, 4008, 4009, 4010, 4011, 4013].map((code) => [code, comingBack(code)]));
  assert.deepEqual(of, {
    1001: "by itself", 1006: "by itself", 4008: "by itself", 4013: "by itself", 4001: "after signing in", 4009: "after signing in",
    4003: "after approval", 4002: "never", 4005: "never", 4010: "never", 4011: "never",
  });
});

/** A server that drops, delays, doubles and cuts; the numbers come from a seed. */
class UnreliableServer {
  log = [];
  known = new Map();
  constructor(seed) {
    this.seed = seed;
  }
  random() {
    this.seed = (this.seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return this.seed / 2_147_483_648;
  }
  store(text, clientMsgId) {
    if (this.known.has(clientMsgId)) return this.log[this.known.get(clientMsgId) - 1];
    const event = message(this.log.length + 1, { message: text, client_msg_id: clientMsgId, is_self: clientMsgId.startsWith("c-") });
    this.log.push(event);
    this.known.set(clientMsgId, event.id);
    return event;
  }
}

test("with drops, delays, doubles and cuts, no message of 10,000 is lost, doubled or out of order", async () => {
  const server = new UnreliableServer(7);
  const page = async (path) => ({ items: server.log.slice(Number(path.split("after=")[1]), Number(path.split("after=")[1]) + 100), next: null });
  const { channel, sockets, time } = await setUp({ api: { page } });
  const got = [];
  channel.addEventListener("message", ({ detail }) => got.push(detail));
  const greet = () => {
    const socket = sockets.last();
    socket.opens();
    const since = socket.url.match(/since=(\d+)/);
    if (!since) return socket.receives(JSON.stringify({ type: "CHAT_HISTORY", messages: [], last_id: 0 }));
    for (const event of server.log.slice(Number(since[1]))) socket.receives(JSON.stringify({ ...event, replayed: true }));
    socket.receives(JSON.stringify({ type: "RESUMED", last_id: server.log.length }));
  };
  greet();
  let written = 0;
  let strangers = 0;
  const late = [];
  for (let round = 0; round < 200_000 && (server.log.length < 10_000 || channel.outbox.entries.length > 0); round += 1) {
    if (written < 5_000 && channel.outbox.entries.length < 3) channel.write({ message: `own ${++written}` });
    const socket = sockets.last();
    const events = [];
    if (strangers < 5_000) events.push(server.store(`theirs ${++strangers}`, `s-${strangers}`));
    for (const text of socket.sent.splice(0)) {
      const frame = JSON.parse(text);
      if (frame.type === "CHAT_MESSAGE" && server.random() > 0.05) events.push(server.store(frame.message, frame.client_msg_id));
    }
    for (const event of events) {
      const luck = server.random();
      if (luck < 0.03) continue;
      if (luck < 0.1) late.push(event);
      else socket.receives(JSON.stringify(event));
      if (luck > 0.95) socket.receives(JSON.stringify(event));
    }
    if (late.length > 3) for (const event of late.splice(0)) socket.receives(JSON.stringify(event));
    if (server.random() < 0.005) socket.ends(1006);
    time.pass(100);
    if (round % 20 === 0 || channel.state.kind !== "open") await settle();
    if (channel.state.kind === "connecting" && sockets.last() !== socket) greet();
  }
  time.pass(5_000);
  await settle();
  sockets.last().receives(JSON.stringify({ type: "HEARTBEAT", last_id: server.log.length }));
  for (let wait = 0; wait < 200 && got.length < server.log.length; wait += 1) {
    time.pass(2_500);
    await settle();
    if (channel.state.kind === "connecting") greet();
  }
  assert.equal(server.log.length, 10_000);
  assert.deepEqual(got.map(({ id }) => id), server.log.map(({ id }) => id));
  const own = got.filter(({ client_msg_id: name }) => name.startsWith("c-")).map(({ message: text }) => text);
  assert.deepEqual(own, Array.from({ length: 5_000 }, (_, index) => `own ${index + 1}`));
});
