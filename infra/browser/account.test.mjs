// Accounts, private conversations and the admins' desk as people see them. Screenshots go to the folder SCREENSHOTS.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { admin, hears, host, say } from "./people.mjs";
import { overflow, phone, shot, Stage, state } from "./stage.mjs";

const SECRET = "plum amber kettle nine";

let stage;

before(async () => {
  stage = await Stage.set();
});

after(() => stage?.strike());

/** Somebody who makes an account on the account's page. */
async function registered(username, options = {}) {
  const page = await stage.visit("account.html", options);
  await page.getByRole("button", { name: "Make an account" }).click();
  await page.fill("dialog [name=username]", username);
  await page.fill("dialog [name=password]", SECRET);
  await page.click("dialog button[type=submit]");
  await page.locator(".portrait-name").waitFor();
  return page;
}

/** Goes to a page by its address: with the same file, a new fragment alone would load nothing. */
const go = (page, path) => page.goto(new URL(path, stage.server.url).href);

test("an account is made, renamed, signed out of and in to again, and deleted", async () => {
  const ann = await registered("ann-first", phone());
  await ann.fill("[name=display_name]", "Ann Brown");
  await ann.getByRole("button", { name: "Save" }).click();
  await ann.locator(".portrait-name", { hasText: "Ann Brown" }).waitFor();
  await shot(ann, "account-phone");
  assert.ok((await overflow(ann)) <= 0);
  await ann.getByRole("button", { name: "Sign out", exact: true }).click();
  await ann.getByRole("button", { name: "Sign in" }).click();
  await ann.fill("dialog [name=login]", "ann-first");
  await ann.fill("dialog [name=secret]", "wrong words here");
  await ann.click("dialog button[type=submit]");
  await ann.locator("dialog .problem:visible").waitFor();
  await ann.fill("dialog [name=secret]", SECRET);
  await ann.click("dialog button[type=submit]");
  await ann.locator(".portrait-name", { hasText: "Ann Brown" }).waitFor();
  await ann.getByRole("button", { name: "Delete the account" }).click();
  await ann.fill("dialog [name=current_password]", SECRET);
  await ann.click("dialog button[type=submit]");
  await ann.getByText("Nobody is signed in").waitFor();
  assert.deepEqual(ann.complaints, []);
});

test("a picture is put on and taken away", async () => {
  const ann = await registered("ann-picture");
  const png = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==", "base64");
  await ann.setInputFiles(".portrait input[type=file]", { name: "me.png", mimeType: "image/png", buffer: png });
  await ann.locator(".portrait .avatar img").waitFor();
  await shot(ann, "account");
  await ann.getByRole("button", { name: "Take it away" }).click();
  await ann.locator(".portrait .avatar img").waitFor({ state: "detached" });
  assert.deepEqual(ann.complaints, []);
});

test("Google is offered where it is set up, and who comes back from it is signed in", async () => {
  const ann = await stage.visit("account.html");
  await ann.context().route("**/api/auth/providers/", (route) => route.fulfill({ json: { google: true, facebook: false } }));
  await ann.getByRole("button", { name: "Sign in" }).click();
  const link = ann.locator("dialog a", { hasText: "Sign in with Google" });
  await link.waitFor();
  assert.equal(new URL(await link.getAttribute("href"), stage.server.url).searchParams.get("next"), "/account.html?signed-in");
  assert.equal(await ann.locator("dialog a", { hasText: "Facebook" }).count(), 0);
  // What the way back leaves is the session's cookie.
  await ann.context().request.post(new URL("api/auth/guest/", stage.server.url).href, { data: { display_name: "Ann of Google" } });
  await go(ann, "account.html?signed-in");
  await ann.locator(".portrait-name", { hasText: "Ann of Google" }).waitFor();
  assert.equal(new URL(ann.url()).search, "");
  await ann.reload();
  await ann.locator(".portrait-name", { hasText: "Ann of Google" }).waitFor();
  assert.deepEqual(ann.complaints, []);
});

test("one sees where one is signed in, and ends what one does not know", async () => {
  const ann = await registered("ann-looks");
  const elsewhere = await stage.visit("account.html");
  await elsewhere.getByRole("button", { name: "Sign in" }).click();
  await elsewhere.fill("dialog [name=login]", "ann-looks");
  await elsewhere.fill("dialog [name=secret]", SECRET);
  await elsewhere.click("dialog button[type=submit]");
  await elsewhere.locator(".portrait-name").waitFor();
  await ann.reload();
  await ann.locator(".sessions li").nth(1).waitFor();
  await ann.getByText("Sign out there").click();
  await ann.locator(".sessions li").nth(1).waitFor({ state: "detached" });
  await elsewhere.reload();
  await elsewhere.getByText("Nobody is signed in").waitFor();
  assert.equal(await ann.locator(".sessions li").count(), 1);
});

test("one signs out everywhere, and takes along what is kept about one", async () => {
  const ann = await registered("ann-leaves");
  const [file] = await Promise.all([ann.waitForEvent("download"), ann.getByRole("button", { name: "Download my data" }).click()]);
  assert.equal(file.suggestedFilename(), "parlor.jsonl");
  const lines = (await readFile(await file.path(), "utf8")).trim().split("\n").map((line) => JSON.parse(line));
  assert.equal(lines[0].kind, "user");
  const elsewhere = await stage.visit("account.html");
  await elsewhere.getByRole("button", { name: "Sign in" }).click();
  await elsewhere.fill("dialog [name=login]", "ann-leaves");
  await elsewhere.fill("dialog [name=secret]", SECRET);
  await elsewhere.click("dialog button[type=submit]");
  await elsewhere.locator(".portrait-name").waitFor();
  await ann.getByRole("button", { name: "Sign out everywhere" }).click();
  await ann.click("dialog .danger");
  await ann.getByText("Nobody is signed in").waitFor();
  await elsewhere.reload();
  await elsewhere.getByText("Nobody is signed in").waitFor();
});

test("a forgotten password's link is asked for, and the answer says nothing of who has an account", async () => {
  const page = await stage.visit("account.html#forgot");
  await page.fill("[name=email]", "nobody@parlor.example");
  await page.getByRole("button", { name: "Send the link" }).click();
  await page.getByText("Look into your mail").waitFor();
});

test("somebody is found by their username, written to, and answers from their inbox", async () => {
  const ann = await registered("ann-writes");
  const bob = await registered("bob-reads", phone("dark"));
  await go(bob, "inbox.html");
  await go(ann, "inbox.html");
  await ann.locator("#find-name").pressSequentially("bob-r");
  await ann.locator("#found .pick", { hasText: "bob-reads" }).click();
  await ann.waitForURL(/room\.html#\d+$/);
  await state(ann, "open");
  await say(ann, "hello in private");
  await bob.locator("#conversations .unread", { hasText: "1" }).waitFor();
  await shot(bob, "inbox-phone-dark");
  await bob.locator("#conversations a", { hasText: "ann-writes" }).click();
  await hears(bob, "hello in private");
  await say(bob, "hello back");
  await hears(ann, "hello back");
  await shot(ann, "conversation");
  await go(ann, "inbox.html");
  await ann.locator("#conversations a", { hasText: "hello back" }).waitFor();
  await shot(ann, "inbox");
  assert.deepEqual([...ann.complaints, ...bob.complaints], []);
});

test("who is blocked can't write, isn't told, and can be forgiven", async () => {
  const ann = await registered("ann-blocks");
  const eve = await registered("eve-annoys");
  await go(eve, "inbox.html");
  await eve.locator("#find-name").pressSequentially("ann-blocks");
  await eve.locator("#found .pick", { hasText: "ann-blocks" }).click();
  await eve.waitForURL(/room\.html#\d+$/);
  await state(eve, "open");
  await say(eve, "buy this");
  await go(ann, "inbox.html");
  await ann.locator(".talk button[aria-haspopup]").click();
  await ann.locator(".menu button", { hasText: "Block" }).click();
  await ann.click("dialog .danger");
  await ann.getByText("Blocked.").waitFor();
  await say(eve, "and this");
  await eve.locator(".pending .problem", { hasText: "Not sent" }).waitFor();
  await go(ann, "account.html");
  await ann.locator(".blocked button", { hasText: "Unblock" }).click();
  await ann.locator(".blocked").waitFor({ state: "detached" });
});

test("an admin finds people and rooms, disables somebody and closes a room", async () => {
  const ann = await host(stage);
  const desk = await admin(stage);
  await desk.locator("#rooms li", { hasText: "room" }).first().waitFor();
  await shot(desk, "admin");
  await desk.locator("#rooms li button[aria-haspopup]").first().click();
  await desk.locator(".menu button", { hasText: "Close it" }).click();
  await desk.click("dialog .danger");
  await ann.getByText("You are out").waitFor();
  await desk.fill("#users-query", "ann-pic");
  await desk.press("#users-query", "Enter");
  await desk.locator("#users li", { hasText: "ann-picture" }).locator("button[aria-haspopup]").click();
  await desk.locator(".menu button", { hasText: "Disable" }).click();
  await desk.locator("#users .tag", { hasText: "disabled" }).waitFor();
  assert.deepEqual(desk.complaints, []);
});
