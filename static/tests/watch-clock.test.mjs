import assert from "node:assert/strict";
import { test } from "node:test";
import { Follower, ServerClock, correction, positionAt } from "../watch/clock.js";

const iso = (ms) => new Date(ms).toISOString();

/** An exchange with a server whose clock is ahead by `offset`, with these delays there and back. */
function exchange(clock, at, offset, there, back) {
  const received = iso(at + there + offset);
  clock.sample(at, at + there + back, { received_at: received, server_time: received });
}

const state = (changes) => ({
  is_playing: true, time: 100, version: 1, server_time: iso(10_000), rate: 1, ...changes,
});

test("the quickest message in each direction tells the time", () => {
  const clock = new ServerClock();
  assert.deepEqual([clock.isKnown, clock.offset, clock.delay], [false, 0, Infinity]);
  exchange(clock, 0, 5000, 300, 20);
  assert.equal(clock.offset, 5140);
  exchange(clock, 1000, 5000, 40, 11);
  exchange(clock, 2000, 5000, 9, 400);
  assert.equal(clock.offset, 4999);
  assert.equal(clock.delay, 20);
  assert.equal(clock.toServer(100), 5099);
  assert.equal(clock.toLocal(5099), 100);
});

test("old exchanges are forgotten, and all of them when a clock was set", () => {
  const clock = new ServerClock();
  exchange(clock, 0, 5000, 5, 5);
  exchange(clock, 31_000, 5003, 40, 40);
  assert.equal(clock.offset, 5003);
  exchange(clock, 32_000, -30_000, 200, 200);
  assert.equal(clock.offset, -30_000);
});

test("an exchange that makes no sense teaches nothing", () => {
  const clock = new ServerClock();
  clock.sample(0, 10, { received_at: "soon", server_time: "later" });
  assert.equal(clock.isKnown, false);
});

test("a position advances at the room's rate from the instant at which it holds", () => {
  assert.equal(positionAt(state({}), 12_000), 102);
  assert.equal(positionAt(state({ rate: 2 }), 12_000), 104);
  assert.equal(positionAt(state({ starts_at: iso(11_000) }), 10_500), 100);
  assert.equal(positionAt(state({ starts_at: iso(11_000) }), 12_000), 101);
  assert.equal(positionAt(state({ is_playing: false }), 99_000), 100);
  assert.equal(positionAt(state({ waiting: true }), 99_000), 100);
});

test("a player is left alone below 40 ms, drifts up to 2 s, and jumps above", () => {
  assert.deepEqual(correction(0.039, 100, 1), { kind: "rate", rate: 1 });
  assert.deepEqual(correction(0.05, 100, 1), { kind: "rate", rate: 0.975 });
  assert.deepEqual(correction(-1.9, 100, 1), { kind: "rate", rate: 1.05 });
  assert.deepEqual(correction(2.1, 100, 1), { kind: "seek", time: 100 });
  for (let off = -2; off <= 2; off += 0.01) {
    const { rate } = correction(off, 100, 1);
    assert.ok(rate >= 0.95 && rate <= 1.05, `${off}: ${rate}`);
    assert.ok(Math.abs(off) < 0.04 || Math.sign(1 - rate) === Math.sign(off), `${off}: ${rate}`);
  }
});

test("an older state never wins", () => {
  const follower = new Follower(new ServerClock());
  assert.equal(follower.take(state({ version: 2 })), true);
  assert.equal(follower.take(state({ version: 1, time: 5 })), false);
  assert.equal(follower.state.time, 100);
});

test("a command begins at its instant, whatever our clock says", () => {
  const clock = new ServerClock();
  exchange(clock, 0, 30_000, 20, 20);
  const follower = new Follower(clock);
  follower.take(state({ server_time: iso(40_000), starts_at: iso(40_300) }));
  const player = { time: 3, isPlaying: true };
  assert.deepEqual(follower.next(10_000, player), { kind: "start", time: 100, at: 10_300 });
  assert.deepEqual(follower.next(10_100, { time: 100, isPlaying: false }), { kind: "hold" });
  assert.deepEqual(follower.next(12_300, { time: 102.005, isPlaying: true }), { kind: "rate", rate: 1 });
});

test("who is late begins where the room is by then", () => {
  const clock = new ServerClock();
  exchange(clock, 0, 0, 20, 20);
  const follower = new Follower(clock);
  follower.take(state({}));
  assert.deepEqual(follower.next(15_000, { time: 0, isPlaying: false }), { kind: "start", time: 105, at: 15_000 });
});

test("a player that starts late starts earlier the next time", () => {
  const clock = new ServerClock();
  exchange(clock, 0, 0, 20, 20);
  const follower = new Follower(clock);
  follower.take(state({}));
  follower.next(15_000, { time: 0, isPlaying: false });
  follower.next(15_500, { time: 105.25, isPlaying: true });
  assert.ok(Math.abs(follower.headStart - 0.25) < 1e-9);
  follower.take(state({ version: 2, time: 50, server_time: iso(20_000), starts_at: iso(20_400) }));
  const start = follower.next(20_000, { time: 0, isPlaying: true });
  assert.deepEqual(start, { kind: "start", time: 50, at: 20_150 });
});

test("a player that starts far off jumps once, ahead by what it needs, and is brought close after that", () => {
  const clock = new ServerClock();
  exchange(clock, 0, 0, 20, 20);
  const follower = new Follower(clock);
  follower.take(state({}));
  follower.next(15_000, { time: 0, isPlaying: false });
  assert.deepEqual(follower.next(15_400, { time: 105, isPlaying: true }), { kind: "hold" }, "it may not have begun yet");
  assert.deepEqual(follower.next(15_500, { time: 105.2, isPlaying: true }), { kind: "seek", time: 105.8 });
  assert.deepEqual(follower.next(15_700, { time: 105.8, isPlaying: true }), { kind: "hold" });
  const rate = (/** @type {number} */ local, /** @type {number} */ time) => follower.next(local, { time, isPlaying: true }).rate;
  assert.ok(rate(16_000, 106.15) < 1, "it has jumped");
  assert.ok(rate(16_500, 106.53) < 1, "what was begun is brought to its end");
  assert.equal(rate(17_000, 107.005), 1);
  assert.equal(rate(17_500, 107.53), 1, "what is left after that nobody sees");
});

test("who doesn't know the server's time yet waits for it: their own clock may be wrong by minutes", () => {
  const clock = new ServerClock();
  const follower = new Follower(clock);
  follower.take(state({}));
  assert.deepEqual(follower.next(0, { time: 0, isPlaying: false }), { kind: "hold" });
  assert.equal(follower.check(0, 0), null);
  exchange(clock, 0, 15_000, 20, 20);
  assert.deepEqual(follower.next(40, { time: 0, isPlaying: false }), { kind: "start", time: 105.04, at: 40 });
  assert.deepEqual(follower.check(40, 7), { type: "SYNC_CHECK", client_time: 7, client_sent_at: iso(15_040) });
});

test("a paused room is where it says, and a player that is there is left alone", () => {
  const follower = new Follower(new ServerClock());
  follower.take(state({ is_playing: false }));
  assert.deepEqual(follower.next(0, { time: 100.01, isPlaying: true }), { kind: "pause", time: 100 });
  assert.deepEqual(follower.next(0, { time: 100.01, isPlaying: false }), { kind: "hold" });
  assert.deepEqual(follower.next(0, { time: 90, isPlaying: false }), { kind: "pause", time: 100 });
});
