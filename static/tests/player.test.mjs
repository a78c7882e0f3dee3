import assert from "node:assert/strict";
import { test } from "node:test";
import { MediaTitles, mediaUrl, PREDEFINED } from "../feed/media.js";
import { Player } from "../feed/player.js";

const [TUNE, OTHER] = PREDEFINED;

class FakeAudio extends EventTarget {
  paused = true;
  currentTime = 0;
  duration = NaN;
  refuses = null;
  async play() {
    if (this.refuses) throw Object.assign(new Error("no"), { name: this.refuses });
    this.paused = false;
    this.dispatchEvent(new Event("playing"));
  }
  pause() {
    this.paused = true;
    this.dispatchEvent(new Event("pause"));
  }
  removeAttribute() {
    delete this.src;
  }
  load() {}
}

function setUp({ token = "a b&c", answer = async () => new Response("x", { headers: { "Content-Type": "text/plain" } }) } = {}) {
  const audio = new FakeAudio();
  const asked = [];
  const ended = [];
  const fetch = async (url, init) => {
    asked.push({ url, ...init });
    return answer();
  };
  const player = new Player({ audio, token: () => token, onUnauthenticated: () => ended.push(player.item), fetch });
  const failed = () => new Promise((resolve) => {
    player.addEventListener("change", () => player.phase === "failed" && queueMicrotask(resolve));
    audio.dispatchEvent(new Event("error"));
  });
  return { audio, player, asked, ended, failed };
}

test("a medium is played from its address, token and all", () => {
  const { audio, player } = setUp();
  player.play(TUNE);
  assert.equal(audio.src, "/media_get/?media_id=904cb473-5d17-4885-9363-46f466a7d140&token=a+b%26c");
  assert.equal(player.phase, "playing");
});

test("without a token nothing is asked of the server", () => {
  const { audio, player } = setUp({ token: null });
  player.play(TUNE);
  assert.equal(audio.src, undefined);
  assert.equal(player.phase, "empty");
});

test("it pauses, goes on and seeks", () => {
  const { audio, player } = setUp();
  player.play(TUNE);
  player.toggle();
  assert.equal(player.phase, "paused");
  player.toggle();
  assert.equal(player.phase, "playing");
  player.seek(1.5);
  assert.equal(player.position, 1.5);
  audio.duration = 2.8;
  assert.equal(player.duration, 2.8);
});

test("an unknown length counts as none", () => {
  const { audio, player } = setUp();
  assert.equal(player.duration, 0);
  audio.duration = Infinity;
  assert.equal(player.duration, 0);
});

test("a browser that wants a click first leaves the player ready for one", async () => {
  const { audio, player } = setUp();
  audio.refuses = "NotAllowedError";
  player.play(TUNE);
  await new Promise(setImmediate);
  assert.equal(player.phase, "paused");
});

test("a failure is explained by the server's own sentence", async () => {
  const { player, failed, asked, ended } = setUp({ answer: async () => new Response('{"error":"No such medium."}', { status: 404 }) });
  player.play(TUNE);
  await failed();
  assert.equal(player.problem, "No such medium.");
  assert.equal(asked[0].headers.Range, "bytes=0-0");
  assert.deepEqual(ended, []);
});

test("a medium that is there but can't be played says its type", async () => {
  const { player, failed } = setUp();
  player.play(TUNE);
  await failed();
  assert.equal(player.problem, "This can't be played here (text/plain).");
});

test("a token that is no longer taken ends the session, and the medium is still known then", async () => {
  const { player, failed, ended } = setUp({ answer: async () => new Response("", { status: 401 }) });
  player.play(TUNE);
  await failed();
  assert.deepEqual(ended, [TUNE]);
});

test("the late explanation of an earlier failure does not touch what plays now", async () => {
  let release;
  const { audio, player } = setUp({ answer: () => new Promise((resolve) => { release = () => resolve(new Response("", { status: 404 })); }) });
  player.play(TUNE);
  audio.dispatchEvent(new Event("error"));
  player.play(OTHER);
  release();
  await new Promise(setImmediate);
  assert.equal(player.phase, "playing");
  assert.equal(player.problem, "");
});

test("clearing takes the token out of the element", () => {
  const { audio, player } = setUp();
  player.play(TUNE);
  player.clear();
  assert.equal("src" in audio, false);
  assert.equal(player.phase, "empty");
});

test("there are three tunes under three fixed ids", () => {
  assert.equal(PREDEFINED[0].mediaId, "904cb473-5d17-4885-9363-46f466a7d140");
  assert.equal(new Set(PREDEFINED.map(({ mediaId }) => mediaId)).size, 3);
  assert.match(mediaUrl("x", "t"), /^\/media_get\/\?/);
});

test("titles are known for the tunes, learnt for uploads and made up for the rest", () => {
  const titles = new MediaTitles();
  titles.learn("ABCD", "Mine");
  assert.equal(titles.of(TUNE.mediaId), "Arrival");
  assert.equal(titles.of("abcd"), "Mine");
  assert.equal(titles.of("12345678-5d17"), "Audio 12345678");
});
