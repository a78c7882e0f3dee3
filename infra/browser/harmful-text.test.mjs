// Harmful texts in every field, name, address and file name: each is shown as the text that it is, and does nothing.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { LONG, SHORT, watch } from "./harmful.mjs";
import { admin, guestInside, hears, host, said, say } from "./people.mjs";
import { overflow, phone, Stage, state } from "./stage.mjs";

let stage;

before(async () => {
  stage = await Stage.set(["--rate-limits", "lift"]);
  stage.scripts = [watch];
});

after(() => stage?.strike());

/** Waits until a place says a text, letter by letter. */
async function shows(page, place, text) {
  const texts = () => page.locator(place).evaluateAll((parts) => parts.map((part) => part.textContent));
  const isThere = ([where, wanted]) => [...document.querySelectorAll(where)].some((part) => part.textContent.trim() === wanted.trim());
  await page.waitForFunction(isThere, [place, text]).catch(async () => assert.fail(`${place}: ${JSON.stringify(await texts())}, not ${JSON.stringify(text)}`));
}

/** Nothing of a text became anything else. */
function unharmed(...pages) {
  for (const page of pages) assert.deepEqual(page.complaints, []);
}

async function settings(ann, values) {
  await ann.click("#room-menu");
  await ann.locator(".menu button", { hasText: "Settings" }).click();
  for (const [name, value] of Object.entries(values)) await ann.fill(`dialog [name=${name}]`, value);
  await ann.click("dialog button[type=submit]");
  await ann.waitForSelector("dialog", { state: "detached" });
}

/** What harms by its width alone. */
const isWord = (text) => /^\w+$/.test(text);

const go = (page, path) => page.goto(new URL(path, stage.server.url).href);

test("the watch notices what it is there for", async () => {
  const page = await stage.visit("");
  await state(page, "open");
  await page.evaluate(() => {
    document.body.append(document.createElement("iframe"));
    window.__xss = 1;
    // The page's own policy keeps this from being set.
    try {
      document.body.setAttribute("onclick", "__xss=1");
    } catch {}
    alert("asked");
  });
  for (const sign of [/a text became <iframe/, /a text ran/, /TrustedScript/, /^alert: asked/]) assert.ok(page.complaints.some((text) => sign.test(text)), `${sign}: ${page.complaints.join("; ")}`);
});

test("in the names that people give themselves", async () => {
  const ann = await host(stage);
  const room = ann.url();
  await go(ann, "account.html");
  for (const text of SHORT) {
    await ann.fill("[name=display_name]", text);
    await ann.getByRole("button", { name: "Save" }).click();
    await shows(ann, ".portrait-name", text);
  }
  for (const text of LONG.filter((one) => !isWord(one))) {
    await ann.fill("[name=username]", text.slice(0, 64));
    await ann.getByRole("button", { name: "Save" }).click();
    await ann.locator("[name=username][aria-invalid=true]").waitFor();
  }
  await go(ann, room);
  await state(ann, "open");
  await say(ann, "who am I");
  const bob = await guestInside(stage, room, SHORT[1], phone());
  const eve = await guestInside(stage, room, SHORT[5]);
  await shows(bob, ".said-name", SHORT.at(-1));
  await shows(eve, ".person-name", SHORT[1]);
  await ann.locator("#chat-text").pressSequentially("@<img");
  await shows(ann, "#chat-names li", SHORT[1]);
  await ann.press("#chat-text", "Enter");
  await ann.press("#chat-text", "Enter");
  await shows(bob, ".mention.me", `@${SHORT[1]}`);
  await bob.locator("#chat-text").pressSequentially("typing");
  await ann.locator("#chat-typing", { hasText: SHORT[1] }).waitFor();
  await ann.locator(".person", { hasText: SHORT[5] }).locator("button[aria-haspopup]").click();
  await ann.locator(".menu button", { hasText: "Keep out" }).click();
  await shows(ann, "dialog h2", `Keep ${SHORT[5]} out?`);
  await ann.keyboard.press("Escape");
  assert.ok((await overflow(bob)) <= 0);
  unharmed(ann, bob, eve);
});

test("in rooms' names, descriptions and codes", async () => {
  const ann = await host(stage);
  const room = ann.url();
  for (const text of LONG) {
    const name = SHORT.includes(text) ? text : "A room";
    await settings(ann, { name, description: text });
    assert.equal(await ann.locator("#room-name").getAttribute("title"), text.trim());
    await shows(ann, "#room-about", text);
    await shows(ann, "#room-name", name);
  }
  await settings(ann, { name: SHORT[1], description: SHORT[5] });
  const home = await stage.another(ann.context(), "");
  await shows(home, ".room-entry-name", SHORT[1]);
  for (const text of LONG.filter((one) => !isWord(one))) {
    await home.fill("#join-code", text.replaceAll("/", "|"));
    await home.press("#join-code", "Enter");
    await home.locator("#join-problem:visible").waitFor();
  }
  await home.click("#start-options");
  await home.fill("dialog [name=code]", SHORT[3]);
  await home.click("dialog button[type=submit]");
  await home.locator("dialog .problem:visible").waitFor();
  const desk = await admin(stage);
  await desk.locator("#rooms .row-text", { hasText: SHORT[1] }).waitFor();
  const door = await stage.visit(`room.html#${encodeURIComponent(SHORT[1])}`);
  await door.getByText("There is no such room").waitFor();
  await go(ann, room);
  unharmed(ann, home, desk, door);
});

test("in messages that are written, edited, answered, reacted to, looked for and deleted", async () => {
  const ann = await host(stage);
  const bob = await guestInside(stage, ann.url(), "Bob", phone("dark"));
  for (const text of LONG) {
    await say(ann, text);
    await shows(bob, "#chat-messages .said-words", text);
  }
  assert.deepEqual(await said(bob), LONG.map((text) => text.trim()));
  await say(ann, "harmless");
  await hears(ann, "harmless");
  for (const text of LONG.toReversed()) {
    await ann.press("#chat-text", "ArrowUp");
    await say(ann, text);
    await bob.locator("#chat-messages .said").last().locator(".said-words", { hasText: text.trim().slice(0, 30) }).waitFor();
  }
  await ann.click("#chat-search-toggle");
  for (const text of LONG) {
    await ann.fill("#chat-search-words", text.slice(0, 200));
    await ann.press("#chat-search-words", "Enter");
    await ann.waitForFunction(() => document.querySelector("#chat-results .result, #chat-results .hint")?.textContent !== "Searching…");
  }
  const last = ann.locator("#chat-messages .said").last();
  await last.hover();
  await last.locator('[aria-label="Reply"]').click();
  await say(ann, "an answer");
  await ann.locator(".answered", { hasText: SHORT[0] }).waitFor();
  await ann.evaluate(async (reactions) => {
    const { parlor } = await import("./page/here.js");
    const id = Number(document.querySelector("#chat-messages .said:last-child").dataset.id);
    for (const reaction of reactions) await parlor.rooms.react(location.hash.slice(1), id, reaction, true).catch(() => undefined);
  }, [...SHORT.map((text) => text.replaceAll(" ", "").slice(0, 32)), "\u{1F44D}"]);
  await bob.locator(".reaction", { hasText: "\u{1F44D}" }).waitFor();
  await ann.locator("#chat-messages .said").nth(1).hover();
  await ann.locator('#chat-messages .said [aria-label="Delete"]').click();
  await ann.locator("dialog p", { hasText: SHORT[1] }).waitFor();
  await ann.click("dialog .danger");
  await ann.locator(`#chat-messages .said-words`, { hasText: LONG[1] }).first().waitFor({ state: "detached" });
  assert.ok((await overflow(bob)) <= 0);
  unharmed(ann, bob);
});

test("in the names of files, and in a picture that holds a script", async () => {
  const ann = await host(stage);
  const bob = await guestInside(stage, ann.url(), "Bob");
  const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9" onload="__xss=1"><script>__xss=1</script></svg>');
  const html = Buffer.from("<script>__xss=1</script>");
  for (const [name, mimeType, buffer] of [[`${SHORT[1]}.svg`, "image/svg+xml", svg], [`${SHORT[3].replace("/", "")}.html`, "text/html", html], [`${SHORT[4]}.txt`, "text/plain", html]]) {
    await ann.setInputFiles("#chat-file", { name, mimeType, buffer });
    await shows(ann, "#chat-tray .file-name", name);
    await ann.waitForFunction(() => !document.querySelector("#chat-tray progress"));
    await say(ann, `with ${mimeType}`);
    await bob.locator("#chat-messages .said", { hasText: `with ${mimeType}` }).locator("a[href]").waitFor();
  }
  for (const link of await bob.locator("#chat-messages .said a[href]").all()) {
    const address = await link.getAttribute("href");
    const opened = await stage.another(bob.context(), "account.html");
    // What a page could run is sent as a download, or as plain text.
    await go(opened, address).catch((error) => assert.match(error.message, /Download is starting/));
    unharmed(opened);
    await opened.close();
  }
  unharmed(ann, bob);
});

test("in what is watched: addresses, titles and the queue", async () => {
  const ann = await host(stage);
  await ann.context().route("https://media.example/**", (route) => route.fulfill({ status: 404 }));
  const link = "#stage-empty .chooser input[type=text]";
  for (const text of LONG.filter((one) => !one.startsWith("https:"))) {
    await ann.fill(link, text);
    await ann.press(link, "Enter");
    await ann.locator("#stage-empty .chooser .problem:visible").waitFor();
  }
  await ann.setInputFiles("#stage-empty .chooser input[type=file]", { name: `${SHORT[1]}.mp3`, mimeType: "audio/mpeg", buffer: Buffer.from("no sound at all") });
  await ann.waitForSelector("#controls:not([hidden])");
  await shows(ann, "#controls *", `${SHORT[1]}.mp3`);
  await ann.click('#panels [data-panel="queue"]');
  const wish = "#queue .chooser >> nth=0";
  for (const text of [SHORT[0], SHORT[3], SHORT[5]].map((one) => one.replaceAll("/", "|"))) {
    await ann.locator(wish).locator("input[type=text]").fill(`https://media.example/${encodeURIComponent(text)}`);
    await ann.locator(wish).locator("button[type=submit]").click();
    // The server makes a title of an address: its underlines are spaces then.
    await ann.locator("#queue .person-name", { hasText: text.replaceAll("_", " ").trim() }).waitFor();
  }
  unharmed(ann);
});

test("on the feed: names, files, fields, and what is dropped there", async () => {
  const page = await stage.visit("");
  await state(page, "open");
  await page.fill("#guest-name", SHORT[1]);
  await page.press("#guest-name", "Enter");
  await shows(page, "#guest-who", SHORT[1]);
  await page.waitForSelector("#upload-controls:enabled");
  await page.setInputFiles("#upload-file", { name: `${SHORT[2]}.txt`, mimeType: "text/plain", buffer: Buffer.from("x") });
  await shows(page, "#upload-chosen .file-name", `${SHORT[2]}.txt`);
  for (const text of ["note", SHORT[4]]) {
    await page.click("#upload-add-param");
    await page.locator(".param").last().locator("input").first().fill(text);
    await page.locator(".param").last().locator("input").last().fill(SHORT[5]);
  }
  await page.click("#upload-submit");
  await page.locator("#upload-outcome .outcome").waitFor();
  for (const [index, text] of LONG.entries()) {
    await stage.server.drop(`plain-${index}.txt`, text);
    await stage.server.drop(`object-${index}.txt`, JSON.stringify({ action: "PLAY", value: text, [text]: [text] }));
    await page.locator("#messages .words, #messages .code", { hasText: text.trim().slice(0, 20) }).first().waitFor();
  }
  assert.ok((await overflow(page)) <= 0);
  unharmed(page);
});

test("in the inbox, at the admins' desk, and where webhooks are called", async () => {
  const desk = await admin(stage);
  for (const text of LONG) {
    for (const field of ["#rooms-query", "#users-query"]) {
      await desk.fill(field, text.slice(0, 64));
      await desk.press(field, "Enter");
    }
    await desk.locator("#users .hint", { hasText: "Nobody was found." }).or(desk.locator(".toast")).first().waitFor();
  }
  for (const text of LONG.filter((one) => !one.startsWith("https:"))) {
    await desk.getByRole("button", { name: "Add a webhook" }).click();
    await desk.fill("dialog [name=url]", text);
    await desk.click("dialog button[type=submit]");
    await desk.locator("dialog [name=url][aria-invalid=true]").waitFor();
    await desk.keyboard.press("Escape");
    await desk.waitForSelector("dialog", { state: "detached" });
  }
  const url = `https://media.example/${SHORT[1].replaceAll(" ", "/")}`;
  await desk.getByRole("button", { name: "Add a webhook" }).click();
  await desk.fill("dialog [name=url]", url);
  await desk.click("dialog button[type=submit]");
  await desk.locator('dialog input[aria-label="Secret"]').waitFor();
  await desk.keyboard.press("Escape");
  await desk.locator("#webhooks .row-text", { hasText: url }).waitFor();
  const inbox = await stage.another(desk.context(), "inbox.html");
  for (const text of LONG) {
    await inbox.fill("#find-name", text.slice(0, 64));
    await inbox.press("#find-name", "Enter");
    await inbox.locator("#found .hint").waitFor();
  }
  unharmed(desk, inbox);
});
