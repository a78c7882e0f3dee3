// What a person sees: the page in Chromium, against the real local-dev. Screenshots go to the folder SCREENSHOTS.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { chromium } from "playwright-core";
import { LocalDev } from "./local-dev.mjs";

const PATIENCE = 20_000;
const FLAGS = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync", "--autoplay-policy=no-user-gesture-required",
];

let browser;
let server;

before(async () => {
  server = await LocalDev.start();
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: FLAGS });
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

/** A page of its own, which must not complain. */
async function open(options = {}) {
  const page = await visit("", options);
  await state(page, "open");
  return page;
}

/** One of the server's pages, below its address. */
async function visit(path, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE);
  page.complaints = [];
  page.on("pageerror", (error) => page.complaints.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error" && !/ERR_CONNECTION_REFUSED|WebSocket/.test(message.text())) {
      page.complaints.push(message.text());
    }
  });
  await page.goto(server.url + path);
  return page;
}

function state(page, name) {
  return page.waitForSelector(`#connection[data-state="${name}"]`);
}

function shot(page, name) {
  const folder = process.env.SCREENSHOTS;
  return folder ? page.screenshot({ path: join(folder, `${name}.png`) }) : undefined;
}

async function signIn(page, name) {
  await page.fill("#guest-name", name);
  await page.click("#guest-submit");
  await page.waitForSelector("#guest-card:not([hidden])");
}

test("a dropped message appears, its text as it is", async () => {
  const page = await open();
  await server.drop("hello.txt", "<b>Hello</b> from a file\n");
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
  await page.setInputFiles("#upload-file", join(server.store, "audio_tests", "audio_test_2.mp3"));
  await page.click("#upload-submit");
  await page.locator("#upload-outcome", { hasText: "audio_test_2.mp3" }).waitFor();
  await page.locator("#messages li button", { hasText: /play/i }).first().click();
  await page.waitForFunction(() => document.querySelector("#audio").currentTime > 0.2);
  await shot(page, "playing");
  assert.deepEqual(page.complaints, []);
});

test("the page comes back by itself after the server has", async () => {
  const page = await open();
  await server.stop();
  await state(page, "waiting");
  await shot(page, "reconnecting");
  server = await LocalDev.start(server.store, server.port);
  await state(page, "open");
  await server.drop("back.txt", "here again");
  await page.getByText("here again").waitFor();
});

test("it is as pleasant on a phone in the dark", async () => {
  const page = await open({ viewport: { width: 390, height: 844 }, colorScheme: "dark", isMobile: true, hasTouch: true });
  await server.drop("phone.txt", '{"action": "PLAY", "value": "904cb473-5d17-4885-9363-46f466a7d140"}');
  await page.locator("#messages li:not(.heartbeat)").first().waitFor();
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(overflow <= 0, `${overflow} px too wide`);
  await shot(page, "phone-dark");
  assert.deepEqual(page.complaints, []);
});

/** The page of the HTTP API, with its calls. */
async function openDocs(options) {
  const page = await visit("docs", options);
  await page.locator("details.call.of-sockets").first().waitFor();
  return page;
}

test("the API's page lists every call, finds one by its words, and opens it by its address", async () => {
  const page = await openDocs();
  const described = await (await fetch(`${server.url}openapi.json`)).json();
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
  const described = await (await fetch(`${server.url}asyncapi.json`)).json();
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
  const page = await openDocs({ viewport: { width: 390, height: 844 }, colorScheme: "dark", isMobile: true, hasTouch: true });
  await page.click("#sign_in_as_guest > summary");
  await page.locator("#sign_in_as_guest pre").waitFor();
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(overflow <= 0, `${overflow} px too wide`);
  await shot(page, "docs-phone-dark");
  assert.deepEqual(page.complaints, []);
});
