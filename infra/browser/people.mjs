// People who use rooms, each in a browser of their own.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { phone, state } from "./stage.mjs";

const SECRET = "plum amber kettle nine";

let made = 0;

/** Somebody with an account starts a room from the home page: three clicks and two fields. */
export async function host(stage, options = {}) {
  const page = await stage.visit("", options);
  await page.click("#start-room");
  await page.fill("dialog [name=username]", `host-${++made}`);
  await page.fill("dialog [name=password]", SECRET);
  await page.click("dialog button[type=submit]");
  await page.waitForURL(/room\.html#./);
  await state(page, "open");
  return page;
}

/** Somebody without an account follows a link: one field and one click. */
export async function guest(stage, link, name, options = {}) {
  const page = await stage.visit(link, options);
  await page.fill("#door-card [name=display_name]", name);
  await page.click("#door-card button[type=submit]");
  return page;
}

/** A guest who is in. */
export async function guestInside(stage, link, name, options = {}) {
  const page = await guest(stage, link, name, options);
  await state(page, "open");
  return page;
}

/** An admin, made by the server's own command, at the desk. */
export async function admin(stage, options = {}) {
  const name = `admin-${++made}`;
  makeAdmin(stage.server.store, name);
  const desk = await stage.visit("admin.html", options);
  await desk.locator("#admin-hint button").click();
  await desk.fill("dialog [name=login]", name);
  await desk.fill("dialog [name=secret]", SECRET);
  await desk.click("dialog button[type=submit]");
  await desk.locator("#desk:not([hidden])").waitFor();
  return desk;
}

function makeAdmin(store, name) {
  const options = ["admin", "create", "--email", `${name}@parlor.example`, "--username", name, "--store", store, "--password-stdin"];
  try {
    execFileSync(process.env.LOCAL_DEV, options, { input: `${SECRET}\n`, stdio: ["pipe", "pipe", "pipe"] });
  } catch (error) {
    assert.fail(String(error.stderr));
  }
}

/** Says something, as one does. */
export async function say(page, text) {
  await page.fill("#chat-text", text);
  await page.press("#chat-text", "Enter");
}

/** The words that a chat shows, oldest first; what isn't sent yet is not among them. */
export const said = (page) => page.locator("#chat-messages .said-words").allTextContents();

/** Waits until a chat shows these words as sent. */
export const hears = (page, text) => page.locator("#chat-messages .said-words", { hasText: text }).last().waitFor();

export { phone };
