// Watching together as people see it: the pages in Chromium, against the real local-dev. Screenshots go to the folder SCREENSHOTS.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { notOnFunctions } from "./local-dev.mjs";
import { guestInside, hears, host, say } from "./people.mjs";
import { overflow, phone, shot, Stage, state } from "./stage.mjs";

/** Two players may differ by so much, in seconds: this machine is busy, and sound is not the subject. */
const TOGETHER = 0.6;

let stage;

before(async () => {
  stage = await Stage.set();
});

after(() => stage?.strike());

/** Chooses one of the sounds that come with the project. */
async function choose(page, title) {
  await page.locator(".choices button:visible", { hasText: title }).first().click();
}

const ready = (page) => page.waitForFunction(() => (document.querySelector("#screen video")?.readyState ?? 0) >= 3);
const playing = (page) => page.waitForFunction(() => document.querySelector("#screen video")?.paused === false && document.querySelector("#screen video").currentTime > 0.3);
const paused = (page) => page.waitForFunction(() => document.querySelector("#screen video")?.paused === true);
const position = (page) => page.evaluate(() => document.querySelector("#screen video").currentTime);

/** How far one player is ahead of another, in seconds: each is asked where it is, and when that was by the clock of this machine. */
async function apart(one, other) {
  const asked = (page) => page.evaluate(() => document.querySelector("#screen video").currentTime - Date.now() / 1000);
  const [a, b] = await Promise.all([asked(one), asked(other)]);
  return a - b;
}

/** So far apart may two players be at rest, in seconds. */
const AT_REST = 0.1;

async function areTogether(one, other, when) {
  const off = await apart(one, other);
  assert.ok(Math.abs(off) <= AT_REST, `${when} they are ${Math.round(off * 1000)} ms apart`);
}

/** Two minutes of silence. */
function silence() {
  const [rate, seconds] = [8_000, 120];
  const wav = Buffer.alloc(44 + rate * seconds, 128);
  wav.write("RIFF", 0);
  wav.writeUInt32LE(wav.length - 8, 4);
  wav.write("WAVEfmt ", 8);
  wav.writeUInt32LE(16, 16);
  wav.writeUInt16LE(1, 20);
  wav.writeUInt16LE(1, 22);
  wav.writeUInt32LE(rate, 24);
  wav.writeUInt32LE(rate, 28);
  wav.writeUInt16LE(1, 32);
  wav.writeUInt16LE(8, 34);
  wav.write("data", 36);
  wav.writeUInt32LE(rate * seconds, 40);
  return { name: "silence.wav", mimeType: "audio/wav", buffer: wav };
}

/** The host moves everybody. */
const jump = (page, seconds) => page.locator(".seek").evaluate((slider, to) => {
  slider.value = String(to);
  slider.dispatchEvent(new Event("input"));
  slider.dispatchEvent(new Event("change"));
}, seconds);

/** Waits until two players are together. */
async function together(one, other) {
  for (let turn = 0; turn < 40; turn += 1) {
    const [a, b] = await Promise.all([position(one), position(other)]);
    if (Math.abs(a - b) < TOGETHER) return;
    await one.waitForTimeout(250);
  }
  assert.fail(`${await position(one)} and ${await position(other)}`);
}

/** A host who has chosen a sound, and a guest who sees it. */
async function twoWithSound(options) {
  const ann = await host(stage);
  await choose(ann, "Evening");
  await ready(ann);
  const bob = await guestInside(stage, ann.url(), "Bob", options);
  await ready(bob);
  return { ann, bob };
}

test("the host chooses and plays, and the guest's player follows, pauses and jumps along", async () => {
  const { ann, bob } = await twoWithSound(phone());
  await ann.click('[aria-label="Play for everybody"]');
  await playing(ann);
  await playing(bob);
  await together(ann, bob);
  await shot(ann, "watch");
  await shot(bob, "watch-phone");
  await ann.click('[aria-label="Pause for everybody"]');
  await paused(bob);
  await together(ann, bob);
  await ann.locator(".seek").evaluate((slider) => {
    slider.value = "1";
    slider.dispatchEvent(new Event("input"));
    slider.dispatchEvent(new Event("change"));
  });
  await bob.waitForFunction(() => Math.abs(document.querySelector("#screen video").currentTime - 1) < 0.05);
  assert.equal(await bob.locator('[aria-label="Play for everybody"]:visible').count(), 0);
  assert.ok((await overflow(bob)) <= 0);
  assert.deepEqual([...ann.complaints, ...bob.complaints], []);
});

test("who comes later, or reloads, is where the others are, and the chat goes on beside it", async () => {
  const { ann, bob } = await twoWithSound();
  await ann.click('[aria-label="Play for everybody"]');
  await playing(bob);
  await bob.reload();
  await state(bob, "open");
  await playing(bob);
  await together(ann, bob);
  await say(bob, "back again");
  await hears(ann, "back again");
  await shot(ann, "watch-chat");
});

test("two players of one file are within a tenth of a second, after a seek, and where a network was cut", async () => {
  const ann = await host(stage);
  await ann.setInputFiles('#stage-empty input[type="file"]', silence());
  await ready(ann);
  const bob = await guestInside(stage, ann.url(), "Bob");
  await ready(bob);
  await ann.click('[aria-label="Play for everybody"]');
  await playing(bob);
  await ann.waitForTimeout(5_000);
  await areTogether(ann, bob, "after 5 s");
  await jump(ann, 60);
  await ann.waitForTimeout(3_000);
  assert.ok((await position(bob)) > 60);
  await areTogether(ann, bob, "3 s after a seek");
  await bob.context().setOffline(true);
  await ann.waitForTimeout(5_000);
  await areTogether(ann, bob, "while one network is cut");
  await bob.context().setOffline(false);
  await state(bob, "open");
  await ann.waitForTimeout(3_000);
  await areTogether(ann, bob, "3 s after a network is back");
});

test("who was cut off while the host moved on is where the others are once they are back", async () => {
  const ann = await host(stage);
  await ann.setInputFiles('#stage-empty input[type="file"]', silence());
  await ready(ann);
  const bob = await guestInside(stage, ann.url(), "Bob");
  await ready(bob);
  await ann.click('[aria-label="Play for everybody"]');
  await playing(bob);
  await bob.context().setOffline(true);
  await bob.locator('#connection:not([data-state="open"])').waitFor();
  await jump(ann, 80);
  await ann.waitForTimeout(5_000);
  await bob.context().setOffline(false);
  await state(bob, "open");
  await ann.waitForTimeout(3_000);
  assert.ok((await position(bob)) > 80);
  await areTogether(ann, bob, "3 s after a network is back");
});

test("what comes next waits in the queue, and the host goes on to it", async () => {
  const { ann, bob } = await twoWithSound();
  await ann.click('#panels [data-panel="queue"]');
  await ann.locator("#queue-body .chooser >> nth=0").locator("button", { hasText: "Arrival" }).click();
  await ann.locator(".queue .person-name", { hasText: "Arrival" }).waitFor();
  await bob.click('#panels [data-panel="queue"]');
  await bob.locator(".queue .person-name", { hasText: "Arrival" }).waitFor();
  await shot(ann, "watch-queue");
  await ann.click('[aria-label="Next"]');
  await bob.locator(".player-title", { hasText: "Arrival" }).waitFor();
  await ann.locator("#queue-body .hint", { hasText: "Nothing is waiting" }).waitFor();
});

test("a queue that starts over brings back what has been watched, for everybody", async () => {
  const { ann, bob } = await twoWithSound();
  await ann.click('#panels [data-panel="queue"]');
  await ann.locator("#queue-body .chooser >> nth=0").locator("button", { hasText: "Arrival" }).click();
  await ann.locator(".queue .person-name", { hasText: "Arrival" }).waitFor();
  await ann.click("#queue-body [name=loop_queue]");
  await ann.waitForFunction(() => document.querySelector("#queue-body [name=loop_queue]")?.checked === true);
  await ann.click('[aria-label="Next"]');
  await ann.locator(".queue .person-name", { hasText: "Evening" }).waitFor();
  await bob.click('#panels [data-panel="queue"]');
  await bob.locator(".queue .person-name", { hasText: "Evening" }).waitFor();
  assert.equal(await bob.locator("#queue-body [name=loop_queue]").count(), 0);
  assert.deepEqual(ann.complaints, []);
});

test("the theatre fills the window, and the host's role can be handed over", async () => {
  const { ann, bob } = await twoWithSound();
  await ann.click("#layout");
  await ann.locator("#chat").waitFor({ state: "hidden" });
  await shot(ann, "watch-theatre");
  await ann.click("#layout");
  await ann.click('#panels [data-panel="people"]');
  await ann.locator(".person", { hasText: "Bob" }).locator("button[aria-haspopup]").click();
  await ann.locator(".menu button", { hasText: "Hand the room over" }).click();
  await ann.click("dialog .danger");
  await bob.locator('[aria-label="Play for everybody"]:visible').waitFor();
  await bob.click('[aria-label="Play for everybody"]');
  await playing(ann);
});

test("where the room wants it, playing begins when everybody's player is ready", async () => {
  const { ann, bob } = await twoWithSound();
  await ann.click("#room-menu");
  await ann.locator(".menu button", { hasText: "Settings" }).click();
  await ann.check("dialog [name=ready_gate]");
  await ann.click("dialog button[type=submit]");
  await ann.waitForSelector("dialog", { state: "detached" });
  await ann.click('[aria-label="Play for everybody"]');
  await playing(ann);
  await playing(bob);
  await together(ann, bob);
});

test("a video of YouTube is framed from the host without cookies, for who is in that room alone", notOnFunctions("it asks the server for nothing else"), async () => {
  const ann = await host(stage);
  await ann.context().route("https://www.youtube-nocookie.com/**", (route) => route.fulfill({ contentType: "text/html", body: "<title>a stand-in</title>" }));
  await ann.fill("#stage-empty input[type=text]", "https://youtu.be/dQw4w9WgXcQ");
  await ann.click("#stage-empty .primary");
  const frame = ann.locator('#screen iframe[src^="https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?"]');
  await frame.waitFor();
  assert.equal(await frame.getAttribute("referrerpolicy"), "strict-origin-when-cross-origin");
  assert.deepEqual(ann.complaints, []);
});

/** A stream of one sound, from another server, which allows pages to fetch it. */
async function serveStream(context) {
  const sound = await readFile(join(stage.server.store, "audio_tests", "audio_test_3.mp3"));
  const headers = { "Access-Control-Allow-Origin": "*" };
  const list = "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:10\n#EXT-X-PLAYLIST-TYPE:VOD\n#EXTINF:3.0,\npart.mp3\n#EXT-X-ENDLIST\n";
  await context.route("https://stream.example/**", (route) => (route.request().url().endsWith(".m3u8")
    ? route.fulfill({ headers, contentType: "application/vnd.apple.mpegurl", body: list })
    : route.fulfill({ headers, contentType: "audio/mpeg", body: sound })));
}

test("a stream is played by hls.js where the browser can't by itself, which is loaded only then", notOnFunctions("it asks the server for nothing else"), async () => {
  const ann = await host(stage);
  await serveStream(ann.context());
  await ann.evaluate(() => { HTMLMediaElement.prototype.canPlayType = () => ""; });
  const loaded = () => ann.evaluate(() => performance.getEntriesByType("resource").filter(({ name }) => name.includes("/vendor/")).length);
  assert.equal(await loaded(), 0);
  await ann.fill("#stage-empty input[type=text]", "https://stream.example/evening/list.m3u8");
  await ann.click("#stage-empty .primary");
  await ready(ann);
  assert.equal(await loaded(), 1);
  assert.match(await ann.evaluate(() => document.querySelector("#screen video").currentSrc), /^blob:/);
  await ann.click('[aria-label="Play for everybody"]');
  await playing(ann);
  assert.deepEqual(ann.complaints, []);
});

test("a stream that is not there is said to be none that can be played", notOnFunctions("it asks the server for nothing else"), async () => {
  const ann = await host(stage);
  await ann.context().route("https://stream.example/**", (route) => route.fulfill({ status: 404, headers: { "Access-Control-Allow-Origin": "*" } }));
  await ann.evaluate(() => { HTMLMediaElement.prototype.canPlayType = () => ""; });
  await ann.fill("#stage-empty input[type=text]", "https://stream.example/none.m3u8");
  await ann.click("#stage-empty .primary");
  await ann.locator("#stage-note", { hasText: "can't be played" }).waitFor();
});
