// People who write from right to left, among others who don't: what they are called and what they say turns nothing around it.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { guestInside, hears, host, say } from "./people.mjs";
import { overflow, phone, shot, Stage, state } from "./stage.mjs";

const ARABIC = { name: "\u0644\u064a\u0644\u0649 (1)", said: "\u0645\u0631\u062d\u0628\u0627! \u0647\u0644 \u0646\u0628\u062f\u0623 Evening \u0627\u0644\u0622\u0646\u061f" };
const HEBREW = { name: "\u05d3\u05df \u05dc\u05d5\u05d9!", said: "\u05e8\u05d2\u05e2, \u05d4\u05ea\u05d4 \u05db\u05de\u05e2\u05d8 \u05de\u05d5\u05db\u05df (5 min)." };
const ROOM = "\u05e2\u05e8\u05d1 \u05e1\u05e8\u05d8\u05d9\u05dd (2)";

let stage;

before(async () => {
  stage = await Stage.set();
});

after(() => stage?.strike());

/** The direction that the browser gives to what a place says. */
const direction = (page, place) => page.locator(place).first().evaluate((part) => getComputedStyle(part).direction);

/** Where a text, not its box, begins and ends on the screen. */
const edges = (page, place) => page.locator(place).first().evaluate((part) => {
  const text = document.createRange();
  text.selectNodeContents(part);
  const { left, right } = text.getBoundingClientRect();
  return { left, right };
});

async function nameRoom(ann, name) {
  await ann.click("#room-menu");
  await ann.locator(".menu button", { hasText: "Settings" }).click();
  await ann.fill("dialog [name=name]", name);
  assert.equal(await direction(ann, "dialog [name=name]"), "rtl");
  await ann.click("dialog button[type=submit]");
  await ann.waitForSelector("dialog", { state: "detached" });
}

/** A room with a name, and people with names, from right to left. */
async function talk(options) {
  const ann = await host(stage);
  await nameRoom(ann, ROOM);
  const layla = await guestInside(stage, ann.url(), ARABIC.name, options);
  const dan = await guestInside(stage, ann.url(), HEBREW.name);
  await say(layla, ARABIC.said);
  await say(dan, HEBREW.said);
  await say(ann, "Two minutes (at most)!");
  await hears(layla, "Two minutes");
  return { ann, layla, dan };
}

test("names and messages run their own way, and the page around them its own", async () => {
  const { ann, layla } = await talk(phone("dark", 320));
  await hears(ann, ARABIC.said);
  assert.equal(await direction(ann, ".said-words"), "rtl");
  assert.equal(await direction(ann, ".said-words >> text=Two minutes"), "ltr");
  assert.equal(await direction(ann, ".said-name bdi"), "rtl");
  assert.equal(await direction(ann, ".said-head"), "ltr");
  // The time stands after the name, with the name's brackets inside it.
  const [name, time] = [await edges(ann, ".said-name"), await edges(ann, ".said-head time")];
  assert.ok(time.left >= name.right, `${time.left} < ${name.right}`);
  const [first, other] = [await edges(ann, '.person-name:has-text("host")'), await edges(ann, `.person-name:has-text("${ARABIC.name}") bdi`)];
  assert.ok(Math.abs(first.left - other.left) < 2, `${first.left} and ${other.left}`);
  await layla.locator("#chat-text").pressSequentially(ARABIC.said.slice(0, 5));
  assert.equal(await direction(layla, "#chat-text"), "rtl");
  await ann.locator("#chat-typing", { hasText: ARABIC.name }).waitFor();
  assert.match(await ann.textContent("#chat-typing"), /^\u2068.*\u2069 is typing/);
  await shot(ann, "right-to-left");
  await shot(layla, "right-to-left-320");
  assert.ok((await overflow(layla)) <= 0);
  await layla.click('#panels [data-panel="people"]');
  await shot(layla, "right-to-left-people-320");
  assert.ok((await overflow(layla)) <= 0);
  assert.deepEqual([...ann.complaints, ...layla.complaints], []);
});

test("lists, answers, what is found and what is asked keep the order of their parts", async () => {
  const { ann, dan } = await talk();
  const first = ann.locator("#chat-messages .said").first();
  await first.hover();
  await first.locator('[aria-label="Reply"]').click();
  await shot(ann, "right-to-left-answering");
  await say(ann, "yes");
  await hears(dan, "yes");
  const [who, what] = [await edges(ann, ".answered b"), await edges(ann, ".answered span > bdi")];
  assert.ok(what.left >= who.right - 1, `${what.left} < ${who.right}`);
  await ann.click("#chat-search-toggle");
  await ann.fill("#chat-search-words", HEBREW.said.split(" ")[1]);
  await ann.press("#chat-search-words", "Enter");
  await ann.locator("#chat-results .result").waitFor();
  await shot(ann, "right-to-left-found");
  await ann.locator(".person", { hasText: HEBREW.name }).locator("button[aria-haspopup]").click();
  await ann.locator(".menu button", { hasText: "Keep out" }).click();
  await ann.locator("dialog h2", { hasText: HEBREW.name }).waitFor();
  await shot(ann, "right-to-left-asking");
  await ann.keyboard.press("Escape");
  const home = await stage.another(ann.context(), "");
  await state(home, "open");
  await home.locator(".room-entry-name", { hasText: ROOM }).first().waitFor();
  const [entry, line] = [await edges(home, ".room-entry-name bdi"), await edges(home, ".room-entry-line bdi")];
  assert.ok(Math.abs(entry.left - line.left) < 2, `${entry.left} and ${line.left}`);
  await shot(home, "right-to-left-home");
  assert.deepEqual([...ann.complaints, ...home.complaints], []);
});
