// Somebody who has never seen it: from the home page to watching the same with somebody else, counted.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Stage, state } from "./stage.mjs";

/** What it may take both of them together. */
const MOST = { clicks: 6, fields: 2, seconds: 60 };

let stage;

before(async () => {
  stage = await Stage.set();
});

after(() => stage?.strike());

/** A person whose clicks and fields are counted. */
function person(page, count) {
  return {
    page,
    click: async (target) => {
      count.clicks += 1;
      await page.locator(target).first().click();
    },
    fill: async (target, text) => {
      count.fields += 1;
      await page.locator(target).first().pressSequentially(text);
    },
  };
}

const plays = (page) => page.waitForFunction(() => document.querySelector("#screen video")?.paused === false && document.querySelector("#screen video").currentTime > 0.3);

test("two people who are new here watch the same after six clicks and two fields at most, in under a minute", async (context) => {
  const count = { clicks: 0, fields: 0 };
  const began = Date.now();
  const ann = person(await stage.visit(""), count);
  await ann.click("#start-room");
  await ann.fill("dialog [name=username]", "newcomer");
  await ann.click("dialog button[type=submit]");
  await ann.page.waitForURL(/room\.html#./);
  await state(ann.page, "open");
  await ann.click(".choices button:visible:has-text('Evening')");
  // The link is what the address bar shows.
  const bob = person(await stage.visit(ann.page.url()), count);
  await bob.fill("#door-card [name=display_name]", "Bob");
  await bob.click("#door-card button[type=submit]");
  await state(bob.page, "open");
  await ann.click('[aria-label="Play for everybody"]');
  await Promise.all([plays(ann.page), plays(bob.page)]);
  const seconds = (Date.now() - began) / 1000;
  context.diagnostic(`${count.clicks} clicks, ${count.fields} fields, ${seconds.toFixed(1)} s`);
  const [one, other] = await Promise.all([ann.page, bob.page].map((page) => page.evaluate(() => document.querySelector("#screen video").currentSrc.split("?")[0])));
  assert.equal(one, other);
  assert.ok(count.clicks <= MOST.clicks && count.fields <= MOST.fields, JSON.stringify(count));
  assert.ok(seconds < MOST.seconds, `${seconds} s`);
  assert.deepEqual([...ann.page.complaints, ...bob.page.complaints], []);
});

test("the password that was made up signs one in elsewhere", async () => {
  const page = await stage.visit("");
  await page.click("#start-room");
  await page.fill("dialog [name=username]", "keeps-hers");
  const password = await page.inputValue("dialog [name=password]");
  assert.match(password, /^[a-z]{5}(-[a-z]{5}){3}$/);
  await page.click("dialog button[type=submit]");
  await page.waitForURL(/room\.html#./);
  const elsewhere = await stage.visit("account.html");
  await elsewhere.getByRole("button", { name: "Sign in" }).click();
  await elsewhere.fill("dialog [name=login]", "keeps-hers");
  await elsewhere.fill("dialog [name=secret]", password);
  await elsewhere.click("dialog button[type=submit]");
  await elsewhere.locator(".portrait-name", { hasText: "keeps-hers" }).waitFor();
});

test("a page is worked by keys alone, which are listed behind ?", async () => {
  const page = await stage.visit("");
  await state(page, "open");
  await page.keyboard.press("?");
  await page.locator("dialog .keys", { hasText: "Start a room" }).waitFor();
  await page.keyboard.press("Escape");
  await page.waitForSelector("dialog", { state: "detached" });
  await page.keyboard.press("j");
  await page.keyboard.type("n?");
  assert.equal(await page.inputValue("#join-code"), "n?");
  await page.fill("#join-code", "");
  await page.locator("#join-code").blur();
  await page.keyboard.press("n");
  await page.waitForSelector("dialog input:focus");
  await page.keyboard.type("by-keys");
  await page.keyboard.press("Enter");
  await page.waitForURL(/room\.html#./);
  await state(page, "open");
  await page.keyboard.press("2");
  await page.waitForSelector('body[data-panel="people"]');
  await page.keyboard.press("/");
  await page.keyboard.type("said by keys");
  await page.keyboard.press("Enter");
  await page.locator("#chat-messages .said-words", { hasText: "said by keys" }).waitFor();
  await page.locator("#chat-scroller").focus();
  await page.keyboard.press("s");
  await page.waitForSelector("#chat-search-words:focus");
  await page.keyboard.press("Escape");
  await page.keyboard.press("?");
  await page.locator("dialog .keys", { hasText: "Theatre" }).waitFor();
  assert.deepEqual(page.complaints, []);
});

test("on a slow line, who clicks or types before the modules are there loses nothing", async () => {
  const page = await stage.visit("docs/");
  let arrive = () => {};
  const arrived = new Promise((resolve) => { arrive = resolve; });
  await page.route("**/text/en.js", async (route) => {
    await arrived;
    await route.continue();
  });
  await page.goto(stage.server.url, { waitUntil: "commit" });
  await page.fill("#join-code", "no code!");
  await page.press("#join-code", "Enter");
  await page.fill("#guest-name", "Early Ann");
  await page.press("#guest-name", "Enter");
  const started = page.click("#start-room");
  assert.equal(await page.inputValue("#join-code"), "no code!");
  arrive();
  await started;
  await page.waitForSelector("dialog [name=username]");
  assert.equal(new URL(page.url()).search, "");
  assert.equal(await page.inputValue("#guest-name"), "Early Ann");
});

test("the pages speak the browser's language, and another one when it is chosen", async () => {
  const page = await stage.visit("", { locale: "de-DE" });
  await page.getByRole("button", { name: "Raum eröffnen" }).waitFor();
  assert.equal(await page.getAttribute("html", "lang"), "de");
  await page.getByRole("button", { name: "Ich habe ein Konto oder möchte eines" }).click();
  await page.fill("dialog [name=login]", "nobody-here");
  await page.fill("dialog [name=secret]", "plum amber kettle nine");
  await page.click("dialog button[type=submit]");
  await page.locator("dialog .problem", { hasText: "Kein Konto hat diesen Namen" }).waitFor();
  await page.getByRole("button", { name: "Konto erstellen" }).click();
  await page.fill("dialog [name=username]", "two  spaces");
  await page.fill("dialog [name=password]", "password1");
  await page.click("dialog button[type=submit]");
  await page.locator("dialog .problem", { hasText: /Zu leicht zu erraten|Buchstaben a bis z/ }).first().waitFor();
  await page.keyboard.press("Escape");
  await page.selectOption("#foot select", "en");
  await page.getByRole("button", { name: "Start a room" }).waitFor();
  await page.reload();
  await page.getByRole("button", { name: "Start a room" }).waitFor();
  assert.equal(await page.getAttribute("html", "lang"), "en");
});
