import assert from "node:assert/strict";
import { test } from "node:test";
import { BACKOFF_CAP, backoff } from "../client/backoff.js";
import { Connection, CONNECT_TIMEOUT, PONG_TIMEOUT, SILENCE, STABLE_AFTER } from "../client/connection.js";
import { feedUrl } from "../feed/feed-url.js";
import { fakeSockets, FakeTime } from "./fakes.mjs";

function setUp({ random = () => 0.5, online = true } = {}) {
  const time = new FakeTime();
  const sockets = fakeSockets();
  const browser = { online };
  const states = [];
  const messages = [];
  const feed = new Connection("ws://host/", {
    onState: (state) => states.push(state),
    onMessage: (text) => messages.push(text),
  }, {
    WebSocket: sockets.FakeSocket,
    setTimeout: time.setTimeout,
    clearTimeout: time.clearTimeout,
    random,
    now: () => time.now,
    isOnline: () => browser.online,
  });
  return { feed, time, sockets, browser, states, messages, kinds: () => states.map(({ kind }) => kind) };
}

function connected(options) {
  const all = setUp(options);
  all.feed.connect();
  all.sockets.last().opens();
  return all;
}

test("it connects, says since when, and hands on every message verbatim", () => {
  const { feed, time, sockets, messages, kinds } = connected();
  assert.equal(sockets.last().url, "ws://host/");
  assert.deepEqual(kinds(), ["connecting", "open"]);
  assert.equal(feed.state.since, time.now);
  sockets.last().receives("  two  blanks \n");
  sockets.last().receives("");
  assert.deepEqual(messages, ["  two  blanks \n", ""]);
});

test("the ceiling of the back-off doubles up to 30 s, and the wait is anything below it", () => {
  const ceilings = [1, 2, 3, 4, 5, 6, 7, 8, 2000].map((attempt) => backoff(attempt, () => 1));
  assert.deepEqual(ceilings, [500, 1000, 2000, 4000, 8000, 16000, BACKOFF_CAP, BACKOFF_CAP, BACKOFF_CAP]);
  assert.equal(backoff(7, () => 0), 0);
  assert.equal(backoff(7, () => 0.25), 7500);
});

test("a lost connection is made anew after the wait, not sooner", () => {
  const { feed, time, sockets } = connected();
  sockets.last().ends(1006);
  assert.deepEqual(feed.state, { kind: "waiting", attempt: 1, retryAt: time.now + 250, closed: { code: 1006, reason: "" } });
  time.pass(249);
  assert.equal(sockets.made.length, 1);
  time.pass(1);
  assert.equal(sockets.made.length, 2);
  assert.deepEqual(feed.state, { kind: "connecting", attempt: 1 });
});

test("waits grow while attempts fail", () => {
  const { feed, time, sockets } = connected();
  const waits = [];
  for (let failure = 0; failure < 4; failure += 1) {
    sockets.last().ends();
    waits.push(feed.state.retryAt - time.now);
    time.pass(feed.state.retryAt - time.now);
  }
  assert.deepEqual(waits, [250, 500, 1000, 2000]);
});

test("a server that accepts and closes at once is not stormed", () => {
  const { feed, time, sockets } = connected();
  const waits = [];
  for (let failure = 0; failure < 3; failure += 1) {
    sockets.last().ends(1011);
    waits.push(feed.state.retryAt - time.now);
    time.pass(feed.state.retryAt - time.now);
    sockets.last().opens();
  }
  assert.deepEqual(waits, [250, 500, 1000]);
});

test("after a connection that held, the back-off starts over", () => {
  const { feed, time, sockets } = connected();
  for (let failure = 0; failure < 5; failure += 1) {
    sockets.last().ends();
    time.pass(feed.state.retryAt - time.now);
  }
  sockets.last().opens();
  time.pass(STABLE_AFTER);
  sockets.last().ends();
  assert.equal(feed.state.attempt, 1);
});

for (const code of [4001, 4002, 4003, 4005, 4009, 4010, 4011]) {
  test(`close code ${code} is final until somebody asks`, () => {
    const { feed, time, sockets } = connected();
    sockets.last().ends(code, "WHY");
    assert.deepEqual(feed.state, { kind: "closed", closed: { code, reason: "WHY" } });
    assert.equal(time.pending, 0);
    feed.wake();
    assert.equal(sockets.made.length, 1);
    feed.connect();
    assert.equal(sockets.made.length, 2);
  });
}

for (const code of [1000, 1001, 1006, 1011, 4008, 4013]) {
  test(`after close code ${code} it comes back`, () => {
    const { feed, sockets } = connected();
    sockets.last().ends(code);
    assert.equal(feed.state.kind, "waiting");
  });
}

test("waking up ends the wait at once and leaves no second attempt behind", () => {
  const { feed, time, sockets } = connected({ random: () => 0.99 });
  sockets.last().ends();
  feed.wake();
  assert.equal(sockets.made.length, 2);
  sockets.last().opens();
  time.pass(SILENCE - 1);
  assert.equal(sockets.made.length, 2);
});

test("without a network it says offline, and is back as soon as there is one", () => {
  const { feed, sockets, browser } = connected();
  browser.online = false;
  sockets.last().ends();
  assert.equal(feed.state.kind, "offline");
  browser.online = true;
  feed.wake();
  assert.equal(feed.state.kind, "connecting");
});

test("offline it still tries, since a server on the same machine needs no network", () => {
  const { feed, time, sockets, browser } = connected();
  browser.online = false;
  sockets.last().ends();
  time.pass(500);
  assert.equal(sockets.made.length, 2);
  sockets.last().opens();
  assert.equal(feed.state.kind, "open");
});

test("a handshake without an answer is given up", () => {
  const { feed, time, sockets } = setUp();
  feed.connect();
  time.pass(CONNECT_TIMEOUT);
  assert.equal(feed.state.kind, "waiting");
  assert.equal(sockets.made[0].closedWith, "no code");
});

test("silence is questioned, and a matching pong is an answer, not a message", () => {
  const { feed, time, sockets, messages } = connected();
  time.pass(SILENCE);
  const ping = JSON.parse(sockets.last().sent[0]);
  assert.equal(ping.type, "ping");
  sockets.last().receives(JSON.stringify({ type: "pong", timestamp: ping.timestamp, server_time: "x" }));
  time.pass(PONG_TIMEOUT);
  assert.equal(feed.state.kind, "open");
  assert.deepEqual(messages, []);
});

test("somebody else's pong is a message like any other", () => {
  const { feed, sockets, messages } = connected();
  feed.check();
  const foreign = '{"type":"pong","timestamp":"another"}';
  sockets.last().receives(foreign);
  assert.deepEqual(messages, [foreign]);
});

test("a dead connection is replaced when no answer comes", () => {
  const { feed, time, sockets } = connected();
  time.pass(SILENCE + PONG_TIMEOUT);
  assert.equal(feed.state.kind, "waiting");
  assert.equal(feed.state.closed.reason, "no answer");
  assert.equal(sockets.made[0].closedWith, "no code");
});

test("heartbeats keep the question from being asked", () => {
  const { time, sockets } = connected();
  for (let beat = 0; beat < 10; beat += 1) {
    time.pass(10_000);
    sockets.last().receives("[ping] Server heartbeat");
  }
  assert.deepEqual(sockets.last().sent, []);
});

test("waking up an open connection asks once whether it is alive", () => {
  const { feed, sockets } = connected();
  feed.wake();
  feed.wake();
  assert.equal(sockets.last().sent.length, 1);
});

test("a socket that was given up is no longer heard", () => {
  const { feed, time, sockets, messages } = connected();
  time.pass(SILENCE + PONG_TIMEOUT);
  sockets.made[0].receives("late");
  sockets.made[0].ends(4003);
  assert.deepEqual(messages, []);
  assert.equal(feed.state.kind, "waiting");
});

test("connecting twice makes one socket", () => {
  const { feed, sockets } = setUp();
  feed.connect();
  feed.connect();
  assert.equal(sockets.made.length, 1);
});

test("stopping closes, leaves no timer and stays stopped", () => {
  const { feed, time, sockets } = connected();
  feed.stop();
  assert.equal(sockets.last().closedWith, 1000);
  assert.equal(time.pending, 0);
  feed.wake();
  assert.equal(sockets.made.length, 1);
});

test("an address that the browser refuses is reported, not thrown", () => {
  const states = [];
  class Refusing {
    constructor() {
      throw new Error("insecure");
    }
  }
  new Connection("ws://host/", { onState: (state) => states.push(state), onMessage: () => {} }, { WebSocket: Refusing }).connect();
  assert.deepEqual(states.at(-1), { kind: "closed", closed: { code: 1006, reason: "insecure" } });
});

test("the feed is at the page's own host unless the address names another", () => {
  const at = (protocol, search = "") => feedUrl({ protocol, host: "host:8000", search });
  assert.equal(at("http:"), "ws://host:8000/ws/feed/");
  assert.equal(at("https:"), "wss://host:8000/ws/feed/");
  assert.equal(at("http:", "?feed=ws://localhost:8765"), "ws://localhost:8765");
  assert.equal(at("http:", "?feed=wss%3A%2F%2Fx.example%2Fprod%3Fa%3Db"), "wss://x.example/prod?a=b");
  for (const bad of ["", "javascript:alert(1)", "http://x/", "ws://", "ws:///x", "//x"]) {
    assert.equal(at("http:", `?feed=${bad}`), "ws://host:8000/ws/feed/", bad);
  }
});
