// People who use rooms, each in a browser of their own.

import { phone, state } from "./stage.mjs";

let made = 0;

/** Somebody with an account starts a room from the home page: three clicks and two fields. */
export async function host(stage, options = {}) {
  const page = await stage.visit("", options);
  await page.click("#start-room");
  await page.fill("dialog [name=username]", `host-${++made}`);
  await page.fill("dialog [name=password]", "plum amber kettle nine");
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
