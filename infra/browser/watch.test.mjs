// Watching together as people see it: the pages in Chromium, against the real local-dev. Screenshots go to the folder SCREENSHOTS.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
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

test("a video of YouTube is framed from the host without cookies, for who is in that room alone", async () => {
  const ann = await host(stage);
  await ann.context().route("https://www.youtube-nocookie.com/**", (route) => route.fulfill({ contentType: "text/html", body: "<title>a stand-in</title>" }));
  await ann.fill("#stage-empty input[type=text]", "https://youtu.be/dQw4w9WgXcQ");
  await ann.click("#stage-empty .primary");
  const frame = ann.locator('#screen iframe[src^="https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?"]');
  await frame.waitFor();
  assert.equal(await frame.getAttribute("referrerpolicy"), "strict-origin-when-cross-origin");
  assert.deepEqual(ann.complaints, []);
});
