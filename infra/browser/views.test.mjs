// Every view, narrow and wide, light and dark, in both languages: screenshots for people to look at, and what can be said of them
// without looking.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { hears, say } from "./people.mjs";
import { overflow, shot, Stage, state } from "./stage.mjs";

const SECRET = "plum amber kettle nine";
/** Words that no view in German shows. */
const ENGLISH = /\b(Start a room|Sign in|Settings|Nothing|Nobody|Write a message|Invite|People|Search|Account|Inbox|Close|Password|Save|Share)\b/;

let stage;
let made = 0;

before(async () => {
  stage = await Stage.set();
});

after(() => stage?.strike());

const SIZES = { 320: { viewport: { width: 320, height: 640 }, isMobile: true, hasTouch: true }, 390: { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true }, 1280: { viewport: { width: 1280, height: 800 } }, 3840: { viewport: { width: 3840, height: 2160 } } };

/** One view, looked at. */
async function look(page, name, { language, scheme, size }) {
  await page.waitForTimeout(150);
  await shot(page, `views/${name}-${size}-${scheme}-${language}`);
  assert.ok((await overflow(page)) <= 0, `${name} can be pushed sideways`);
  assert.deepEqual(await cutOff(page), [], name);
  assert.deepEqual(await overlapping(page), [], name);
  const shown = await page.evaluate(() => document.body.innerText);
  if (language === "de") assert.doesNotMatch(shown, ENGLISH, name);
  assert.equal(await page.getAttribute("html", "lang"), language, name);
}

/** What reaches beyond the window: a part that scrolls hides it from the measure of the whole. */
const cutOff = (page) => page.evaluate(() => [...document.querySelectorAll("button, input, select, textarea, a, h1, h2, h3, p")]
  .filter((part) => part.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && !part.closest(".visually-hidden, pre"))
  .filter((part) => {
    const { right, width, height } = part.getBoundingClientRect();
    return width > 1 && height > 1 && right > innerWidth + 1;
  })
  .map((part) => `${part.tagName} ${part.id || part.className} ${part.textContent?.slice(0, 30)}`));

/** What stands in the header over something else that does. */
const overlapping = (page) => page.evaluate(() => {
  const parts = [...document.querySelectorAll(".bar > *")].filter((part) => part.checkVisibility());
  const isOver = (one, other) => one.left < other.right - 1 && other.left < one.right - 1 && one.top < other.bottom - 1 && other.top < one.bottom - 1;
  const pairs = parts.flatMap((part, at) => parts.slice(at + 1).map((other) => [part, other]));
  return pairs.filter(([part, other]) => isOver(part.getBoundingClientRect(), other.getBoundingClientRect())).map((pair) => pair.map(({ className }) => className).join(" over "));
});

/** A dialog that a button opens, looked at and closed again. */
async function dialog(page, open, name, variant) {
  await open();
  await page.waitForSelector("dialog[open]");
  await look(page, name, variant);
  await page.keyboard.press("Escape");
  await page.waitForSelector("dialog", { state: "detached" });
}

async function home(options, variant) {
  const page = await stage.visit("", options);
  await state(page, "open");
  await look(page, "home", variant);
  await dialog(page, () => page.click("#start-room"), "home-account", variant);
  await dialog(page, () => page.keyboard.press("?"), "home-keys", variant);
  if (variant.size < 860) for (const part of ["feed", "listen", "share"]) {
    await page.click(`#tabs a[href="#/${part}"]`);
    await look(page, `home-${part}`, variant);
  }
  await page.context().close();
}

/** Somebody with an account and a name that says which view they are in. */
async function host(options) {
  const page = await stage.visit("", options);
  await page.click("#start-room");
  await page.fill("dialog [name=username]", `viewer-${++made}`);
  await page.fill("dialog [name=password]", SECRET);
  await page.click("dialog button[type=submit]");
  await page.waitForURL(/room\.html#./);
  await state(page, "open");
  return page;
}

/** A wide window without a stage shows people beside the chat, and has no need to choose. */
async function showPanel(page, panel) {
  const button = page.locator(`#panels [data-panel="${panel}"]`);
  if (await button.isVisible()) await button.click();
}
const menu = async (page, at) => {
  await page.click("#room-menu");
  await page.locator(".menu button").nth(at).click();
};

async function room(options, variant) {
  const ann = await host(options);
  await look(ann, "room", variant);
  const bob = await stage.visit(ann.url(), options);
  await bob.waitForSelector("#door-card input");
  await look(bob, "door", variant);
  await bob.fill("#door-card [name=display_name]", "Bob Brown");
  await bob.click("#door-card button[type=submit]");
  await state(bob, "open");
  await say(ann, "Shall we begin? https://parlor.example/evening");
  await hears(bob, "Shall we");
  await say(bob, "A moment, the tea is nearly ready. \u{1F375}");
  await hears(ann, "tea");
  await look(ann, "room-chat", variant);
  await dialog(ann, () => ann.click("#share"), "room-share", variant);
  await dialog(ann, () => menu(ann, 0), "room-settings", variant);
  await showPanel(ann, "people");
  await look(ann, "room-people", variant);
  await ann.locator(".choices button", { hasText: "Evening" }).first().evaluate((button) => button.click());
  await ann.waitForSelector("#screen video");
  await showPanel(ann, "queue");
  await look(ann, "room-queue", variant);
  await showPanel(ann, "chat");
  await look(ann, "room-watch", variant);
  await look(bob, "room-watch-guest", variant);
  await bob.context().close();
  return ann;
}

async function others(context, variant) {
  for (const [path, there] of [["account.html", ".portrait"], ["inbox.html", "#find:not([hidden])"], ["admin.html", "#admin-hint"], ["", "#room-lists li"]]) {
    const page = await stage.another(context, path);
    await page.waitForSelector(there);
    await look(page, `${path.replace(".html", "") || "home-signed-in"}`, variant);
    assert.deepEqual(page.complaints, []);
    await page.close();
  }
}

async function signedOut(options, variant) {
  const page = await stage.visit("account.html", options);
  await page.locator(".card .primary").waitFor();
  await look(page, "account-signed-out", variant);
  await dialog(page, () => page.click(".card .primary"), "account-sign-in", variant);
  await page.context().close();
}

/** Common sizes in all ways; the narrowest in the longer language, and the widest. */
const VARIANTS = [
  ...["en", "de"].flatMap((language) => [390, 1280].flatMap((size) => ["light", "dark"].map((scheme) => ({ language, size, scheme })))),
  { language: "de", size: 320, scheme: "light" },
  { language: "en", size: 3840, scheme: "dark" },
];

for (const variant of VARIANTS) {
  const { language, size, scheme } = variant;
  test(`every view, ${size} wide, ${scheme}, ${language}`, async () => {
    const options = { ...SIZES[size], colorScheme: scheme, locale: language === "de" ? "de-DE" : "en-GB" };
    await home(options, variant);
    await signedOut(options, variant);
    const ann = await room(options, variant);
    await others(ann.context(), variant);
    assert.deepEqual(ann.complaints, []);
    await ann.context().close();
  });
}
