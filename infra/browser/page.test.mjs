// What a person sees: the page in Chromium, against the real local-dev. Screenshots go to the folder SCREENSHOTS.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { LocalDev } from "./local-dev.mjs";
import { overflow, phone, shot, Stage, state } from "./stage.mjs";

let stage;

before(async () => {
  stage = await Stage.set();
});

after(() => stage?.strike());

/** A page of its own, which must not complain. */
async function open(options = {}) {
  const page = await stage.visit("", options);
  await state(page, "open");
  return page;
}

async function signIn(page, name) {
  await page.fill("#guest-name", name);
  await page.click("#guest-submit");
  await page.waitForSelector("#guest-card:not([hidden])");
}

test("a dropped message appears, its text as it is", async () => {
  const page = await open();
  await stage.server.drop("hello.txt", "<b>Hello</b> from a file\n");
  await page.getByText("<b>Hello</b> from a file").waitFor();
  await shot(page, "message");
  assert.deepEqual(page.complaints, []);
});

test("heartbeats are counted", async () => {
  const page = await open();
  await page.waitForFunction(() => Number(document.querySelector("#heartbeat-count").textContent) >= 2);
});

test("a guest uploads a sound, which the feed then offers to play, and it plays", async () => {
  const page = await open();
  await signIn(page, "Ann");
  await page.setInputFiles("#upload-file", join(stage.server.store, "audio_tests", "audio_test_2.mp3"));
  await page.click("#upload-submit");
  await page.locator("#upload-outcome", { hasText: "audio_test_2.mp3" }).waitFor();
  await page.locator("#messages li button", { hasText: /play/i }).first().click();
  await page.waitForFunction(() => document.querySelector("#audio").currentTime > 0.2);
  await shot(page, "playing");
  assert.deepEqual(page.complaints, []);
});

test("a file that is chosen before the code of its form has come is not lost", async () => {
  const page = await open();
  let release;
  const held = new Promise((resolve) => { release = resolve; });
  await page.route("**/upload-panel.js", async (route) => {
    await held;
    await route.continue();
  });
  await signIn(page, "Early");
  await page.setInputFiles("#upload-file", join(stage.server.store, "audio_tests", "audio_test_2.mp3"));
  assert.ok(await page.locator("#upload-submit").isDisabled());
  release();
  await page.locator("#upload-submit:enabled").waitFor();
});

test("the page comes back by itself after the server has", async () => {
  const page = await open();
  await stage.server.stop();
  await state(page, "waiting");
  await shot(page, "reconnecting");
  stage.server = await LocalDev.start(stage.server.store, stage.server.port);
  await state(page, "open");
  await stage.server.drop("back.txt", "here again");
  await page.getByText("here again").waitFor();
});

test("it is as pleasant on a phone in the dark", async () => {
  const page = await open(phone("dark"));
  await page.click('#tabs a[href="#/feed"]');
  await stage.server.drop("phone.txt", '{"action": "PLAY", "value": "904cb473-5d17-4885-9363-46f466a7d140"}');
  await page.locator("#messages li:not(.heartbeat)").first().waitFor();
  assert.ok((await overflow(page)) <= 0);
  await shot(page, "phone-dark");
  assert.deepEqual(page.complaints, []);
});

/** The page of the HTTP API, with its calls. */
async function openDocs(options) {
  const page = await stage.visit("docs", options);
  await page.locator("details.call.of-sockets").first().waitFor();
  return page;
}

test("the API's page lists every call, finds one by its words, and opens it by its address", async () => {
  const page = await openDocs();
  const described = await (await fetch(`${stage.server.url}openapi.json`)).json();
  const count = Object.values(described.paths).flatMap((item) => Object.keys(item)).length;
  assert.equal(await page.locator("details.call:not(.of-sockets)").count(), count);
  await page.fill("#filter", "post ticket");
  assert.equal(await page.locator("details.call:visible").count(), 1);
  assert.equal(await page.locator("#contents a:visible").count(), 1);
  await page.fill("#filter", "");
  await page.click('#contents a[href="#sign_in_by_username"]');
  await page.locator("#sign_in_by_username .fields").first().waitFor();
  await page.click("#sign_in_by_username details.answer >> nth=0");
  await shot(page, "docs");
  assert.deepEqual(page.complaints, []);
});

test("the API's page shows the sockets, what is said on them and why they are closed", async () => {
  const page = await openDocs();
  const described = await (await fetch(`${stage.server.url}asyncapi.json`)).json();
  const count = Object.keys(described.channels).length + Object.keys(described.components.messages).length;
  assert.equal(await page.locator("details.call.of-sockets").count(), count);
  assert.equal(await page.locator(".codes tbody tr").count(), described["x-close-codes"].length);
  await page.click('#contents a[href="#socket-watch"]');
  await page.click('#socket-watch a[href="#server.PLAYBACK_STATE"]');
  await page.locator('[id="server.PLAYBACK_STATE"] .fields').waitFor();
  await shot(page, "docs-sockets");
  assert.deepEqual(page.complaints, []);
});

test("the API's page is worked by keys alone", async () => {
  const page = await openDocs();
  await page.focus("#health > summary");
  await page.keyboard.press("Enter");
  await page.locator("#health pre").waitFor();
  assert.match(await page.locator("#health pre").textContent(), /^curl 'http/);
});

test("the API's page fits a phone in the dark", async () => {
  const page = await openDocs(phone("dark"));
  await page.click("#sign_in_as_guest > summary");
  await page.locator("#sign_in_as_guest pre").waitFor();
  assert.ok((await overflow(page)) <= 0);
  await shot(page, "docs-phone-dark");
  assert.deepEqual(page.complaints, []);
});
