// Rooms as people see them: the pages in Chromium, against the real local-dev. Screenshots go to the folder SCREENSHOTS.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { LocalDev, notOnFunctions } from "./local-dev.mjs";
import { guest, guestInside, hears, host, said, say } from "./people.mjs";
import { overflow, phone, shot, Stage, state } from "./stage.mjs";

/** Texts that would do harm if they ever became markup. */
const NASTY = [
  "<img src=x onerror=alert(1)>", "<script>alert(1)</script>", "\"><svg onload=alert(1)>", "javascript:alert(1)",
  "https://x.example/\"onmouseover=\"alert(1)", "</p><iframe srcdoc='<script>alert(1)</script>'>", "{{7*7}} ${7*7}", "\u202eright to left",
];

let stage;

before(async () => {
  stage = await Stage.set();
});

after(() => stage?.strike());

/** Waits until somebody is shown as here. */
const sees = (page, name) => page.locator(".person.here .person-name", { hasText: name }).first().waitFor({ state: "attached" });

/** What the menu behind somebody's name offers. */
async function act(page, name, action) {
  await page.locator(".person", { hasText: name }).first().locator("button[aria-haspopup]").click();
  await page.locator(".menu button", { hasText: action }).click();
}

test("a host starts a room, a guest joins by its link, and they talk both ways", async () => {
  const ann = await host(stage);
  await shot(ann, "room");
  const bob = await guest(stage, ann.url(), "Bob", phone());
  await state(bob, "open");
  await sees(ann, "Bob");
  await say(ann, "hello Bob");
  await hears(bob, "hello Bob");
  await ann.locator("#chat-seen", { hasText: "Seen by Bob" }).waitFor({ state: "attached" });
  await say(bob, "hello to you");
  await hears(ann, "hello to you");
  await shot(ann, "room-chat");
  await shot(bob, "room-chat-phone");
  assert.ok((await overflow(bob)) <= 0);
  assert.deepEqual([...ann.complaints, ...bob.complaints], []);
});

test("messages are answered, edited, reacted to and deleted", async () => {
  const ann = await host(stage);
  const bob = await guestInside(stage, ann.url(), "Bob");
  await say(ann, "one");
  await hears(bob, "one");
  await bob.hover("#chat-messages .said");
  await bob.click('.tools [aria-label="Reply"]');
  await say(bob, "two");
  await ann.locator(".answered", { hasText: "one" }).waitFor();
  await ann.hover("#chat-messages .said >> nth=1");
  await ann.click('.tools [aria-label="React"]');
  await ann.click('.tools [aria-label="React with 👍"]');
  await bob.locator(".reaction", { hasText: "👍" }).waitFor();
  await bob.press("#chat-text", "ArrowUp");
  await say(bob, "two, edited");
  await hears(ann, "two, edited");
  await shot(ann, "room-reactions");
  await ann.hover("#chat-messages .said >> nth=1");
  await ann.click('.tools [aria-label="Delete"]');
  await ann.click("dialog .danger");
  await bob.waitForFunction(() => document.querySelectorAll("#chat-messages .said").length === 1);
  assert.deepEqual([...ann.complaints, ...bob.complaints], []);
});

test("a name completes itself, and whoever is named sees it", async () => {
  const ann = await host(stage);
  const bob = await guestInside(stage, ann.url(), "Bob Brown");
  await sees(ann, "Bob Brown");
  await ann.locator("#chat-text").pressSequentially("look @bo");
  await ann.locator("#chat-names li", { hasText: "Bob Brown" }).waitFor();
  await ann.press("#chat-text", "Enter");
  await ann.press("#chat-text", "Enter");
  await bob.locator(".said.for-me .mention.me", { hasText: "@Bob Brown" }).waitFor();
});

test("what is nasty shows as text, wherever it is written", async () => {
  const ann = await host(stage);
  const bob = await guestInside(stage, ann.url(), NASTY[0]);
  for (const [index, text] of NASTY.entries()) {
    await say(index % 2 ? ann : bob, text);
    for (const page of [ann, bob]) await hears(page, text.slice(0, 12));
  }
  assert.deepEqual(await said(ann), NASTY.map((text) => text.trim()));
  await sees(ann, NASTY[0]);
  const made = await ann.evaluate(() => document.querySelectorAll("#room script, #room iframe, #room [onerror], #room [onload], #room a[href^=javascript]").length);
  assert.equal(made, 0);
  assert.deepEqual([...ann.complaints, ...bob.complaints], []);
});

test("what is written while the server is away is shown as not sent, and arrives once when it is back", notOnFunctions("their table goes with the server"), async () => {
  const ann = await host(stage);
  const bob = await guestInside(stage, ann.url(), "Bob");
  await say(ann, "before");
  await hears(bob, "before");
  await stage.server.stop();
  await state(ann, "waiting");
  await say(ann, "meanwhile one");
  await say(ann, "meanwhile two");
  await ann.locator(".pending .said-state", { hasText: "Not sent yet" }).first().waitFor();
  await shot(ann, "room-offline");
  stage.server = await LocalDev.start(stage.server.store, stage.server.port);
  // Whoever doesn't want to wait connects at once.
  for (const page of [ann, bob]) await page.evaluate(() => document.querySelector("#trouble-retry").click());
  await hears(bob, "meanwhile two");
  await hears(ann, "meanwhile two");
  assert.deepEqual(await said(ann), ["before", "meanwhile one", "meanwhile two"]);
  assert.deepEqual(await said(bob), ["before", "meanwhile one", "meanwhile two"]);
  assert.equal(await ann.locator(".pending").count(), 0);
});

test("a cut network loses nothing, and a reload shows everything again", async () => {
  const ann = await host(stage);
  const bob = await guestInside(stage, ann.url(), "Bob");
  await say(ann, "first");
  await hears(bob, "first");
  await bob.reload();
  await hears(bob, "first");
  await state(bob, "open");
  await bob.context().setOffline(true);
  await say(ann, "second");
  await hears(ann, "second");
  await bob.context().setOffline(false);
  await hears(bob, "second");
  assert.deepEqual(await said(bob), ["first", "second"]);
});

test("a picture is attached, seen by the others, and a reload shows it again", async () => {
  const ann = await host(stage);
  const bob = await guestInside(stage, ann.url(), "Bob");
  const png = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==", "base64");
  await ann.setInputFiles("#chat-file", { name: `${NASTY[0]}.png`, mimeType: "image/png", buffer: png });
  await ann.locator("#chat-tray .file-size").waitFor();
  await shot(ann, "room-attaching");
  await say(ann, "look");
  const loaded = () => bob.waitForFunction(() => document.querySelector("#chat-messages img.picture")?.naturalWidth === 1);
  await loaded();
  await bob.reload();
  await loaded();
  assert.deepEqual([...ann.complaints, ...bob.complaints], []);
});

test("what is said while a tab is out of sight shows in its title and on its icon, until it is looked at", async () => {
  const ann = await host(stage);
  const bob = await guestInside(stage, ann.url(), "Bob");
  await sees(ann, "Bob");
  const turn = (visibility) => ann.evaluate((state) => {
    Object.defineProperty(document, "visibilityState", { value: state, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
  }, visibility);
  const icon = () => ann.getAttribute('link[rel="icon"]', "href");
  await turn("hidden");
  await say(bob, "are you there?");
  await ann.waitForFunction(() => document.title.startsWith("(1) "));
  assert.equal(await icon(), "./favicon-unseen.svg");
  assert.equal((await ann.context().request.get(new URL(await icon(), stage.server.url).href)).headers()["content-type"], "image/svg+xml");
  await turn("visible");
  await ann.waitForFunction(() => !document.title.startsWith("("));
  assert.equal(await icon(), "./favicon.svg");
  assert.deepEqual(ann.complaints, []);
});

test("words are found again", async () => {
  const ann = await host(stage);
  for (const text of ["the film begins at nine", "bring some tea"]) await say(ann, text);
  await hears(ann, "bring some tea");
  await ann.click("#chat-search-toggle");
  await ann.fill("#chat-search-words", "TEA");
  await ann.press("#chat-search-words", "Enter");
  await ann.locator("#chat-results .result", { hasText: "bring some tea" }).waitFor();
  assert.equal(await ann.locator("#chat-results .result").count(), 1);
  await ann.click("#chat-results .result");
  await ann.locator(".said.found").waitFor();
});

test("whoever has to be let in waits, and comes in by itself", async () => {
  const ann = await stage.visit("");
  await ann.click("#start-options");
  await ann.fill("dialog [name=username]", "approving-host");
  await ann.fill("dialog [name=password]", "plum amber kettle nine");
  await ann.click("dialog button[type=submit]");
  await ann.fill("dialog [name=name]", "Film night");
  await ann.selectOption("dialog [name=entry_mode]", "APPROVAL");
  await shot(ann, "room-options");
  await ann.click("dialog button[type=submit]");
  await ann.waitForURL(/room\.html#./);
  await state(ann, "open");
  const bob = await guest(stage, ann.url(), "Bob", phone("dark"));
  await bob.getByText("Waiting to be let in").waitFor();
  await shot(bob, "room-waiting-phone-dark");
  await ann.click('[aria-label="Let Bob in"]');
  await state(bob, "open");
  await sees(ann, "Bob");
  assert.deepEqual([...ann.complaints, ...bob.complaints], []);
});

test("a password is asked for, and a wrong one is said to be wrong", async () => {
  const ann = await host(stage);
  await ann.click("#room-menu");
  await ann.locator(".menu button", { hasText: "Settings" }).click();
  await ann.selectOption("dialog [name=entry_mode]", "PASSWORD");
  await ann.fill("dialog [name=password]", "sesame sesame");
  await shot(ann, "room-settings");
  await ann.click("dialog button[type=submit]");
  await ann.waitForSelector("dialog", { state: "detached" });
  const bob = await guest(stage, ann.url(), "Bob");
  await bob.fill("#door-card [name=password]", "wrong");
  await bob.click("#door-card button[type=submit]");
  await bob.getByText("That is not it.").waitFor();
  await bob.fill("#door-card [name=password]", "sesame sesame");
  await bob.click("#door-card button[type=submit]");
  await state(bob, "open");
});

test("an invitation skips the door", async () => {
  const ann = await host(stage);
  await ann.click("#room-menu");
  await ann.locator(".menu button", { hasText: "Settings" }).click();
  await ann.selectOption("dialog [name=entry_mode]", "APPROVAL");
  await ann.click("dialog button[type=submit]");
  await ann.waitForSelector("dialog", { state: "detached" });
  await ann.click("#share");
  await ann.click("dialog .link");
  const link = await ann.locator('dialog input[aria-label^="Invitation"]').inputValue();
  await shot(ann, "room-invite");
  const bob = await guest(stage, link, "Bob");
  await state(bob, "open");
  assert.match(bob.url(), /room\.html#[A-Za-z0-9_-]+$/);
});

test("the host mutes, sends out and keeps out", async () => {
  const ann = await host(stage);
  const bob = await guestInside(stage, ann.url(), "Bob");
  await sees(ann, "Bob");
  await act(ann, "Bob", "Mute");
  await bob.locator("#chat-text:disabled").waitFor();
  await act(ann, "Bob", "Send out");
  await bob.getByText("You are out").waitFor();
  await bob.click("#door-card .primary");
  await state(bob, "open");
  await sees(ann, "Bob");
  await act(ann, "Bob", "Keep out");
  await ann.click("dialog .danger");
  await bob.getByText("You are out").waitFor();
  await bob.reload();
  await bob.getByText("You can't come in").waitFor();
});

test("older messages come while one scrolls up, and the newest stay a click away", notOnFunctions("most of it is waiting for the rate limit"), async () => {
  const ann = await host(stage);
  const code = new URL(ann.url()).hash.slice(1);
  await ann.evaluate(async (room) => {
    const { token } = JSON.parse(localStorage.getItem("parlor.session"));
    const headers = { Authorization: `Bearer ${token}`, "Content-Type": "application/json" };
    for (let number = 1; number <= 64;) {
      const answer = await fetch(`/api/rooms/${room}/messages/`, { method: "POST", headers, body: JSON.stringify({ message: `line ${number}` }) });
      if (answer.ok) number += 1;
      else await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }, code);
  await ann.reload();
  await hears(ann, "line 64");
  for (let turn = 0; turn < 20 && !(await said(ann)).includes("line 1"); turn += 1) {
    await ann.locator("#chat-scroller").evaluate((scroller) => { scroller.scrollTop = 0; });
    await ann.waitForTimeout(300);
  }
  const all = await said(ann);
  assert.deepEqual(all, Array.from({ length: 64 }, (_, index) => `line ${index + 1}`));
  await ann.locator("#chat-newest:visible").click();
  await ann.locator("#chat-newest").waitFor({ state: "hidden" });
});

test("the pages fit the narrowest phone, in the dark, too", async () => {
  const ann = await host(stage, phone("dark", 360));
  for (const panel of ["people", "queue", "chat"]) {
    await ann.click(`#panels [data-panel=${panel}]`);
    await shot(ann, `room-${panel}-phone-dark`);
    assert.ok((await overflow(ann)) <= 0, panel);
  }
  for (const path of ["", "inbox.html", "account.html"]) {
    const page = await stage.another(ann.context(), path);
    await page.waitForTimeout(500);
    await shot(page, `${path.replace(".html", "") || "home"}-phone-dark`);
    assert.ok((await overflow(page)) <= 0, path);
    assert.deepEqual(page.complaints, []);
  }
});
