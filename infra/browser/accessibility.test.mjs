// What axe-core finds wrong with each view, in light and in dark: nothing serious.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { guestInside, hears, host, say } from "./people.mjs";
import { phone, Stage, state } from "./stage.mjs";

const AXE = readFileSync(new URL("node_modules/axe-core/axe.min.js", import.meta.url), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"];

let stage;

before(async () => {
  stage = await Stage.set();
});

after(() => stage?.strike());

async function judge(page, view) {
  await page.evaluate(AXE);
  const { violations, passes } = await page.evaluate((rules) => window.axe.run(document, { runOnly: rules }), RULES);
  const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  assert.deepEqual(serious.map(({ id, nodes }) => [id, nodes.map(({ target }) => target.join(" "))]), [], view);
  assert.ok(passes.length > 5, view);
}

for (const colorScheme of ["light", "dark"]) {
  test(`home, door, room and stage, ${colorScheme}`, async () => {
    const home = await stage.visit("", { colorScheme });
    await state(home, "open");
    await judge(home, "home");
    await home.click("#start-room");
    await judge(home, "a new account");
    const ann = await host(stage, { colorScheme });
    const door = await stage.visit(ann.url(), { colorScheme });
    await door.waitForSelector("#door-card input");
    await judge(door, "door");
    const bob = await guestInside(stage, ann.url(), "Bob", phone(colorScheme));
    await say(ann, "hello https://parlor.example");
    await hears(bob, "hello");
    await ann.hover("#chat-messages .said");
    await judge(ann, "room");
    await judge(bob, "room on a phone");
    await ann.locator(".choices button:visible", { hasText: "Evening" }).first().click();
    await ann.waitForSelector("#screen video");
    await ann.click('#panels [data-panel="queue"]');
    await judge(ann, "stage");
    await judge(bob, "stage on a phone");
    await ann.click("#room-menu");
    await ann.locator(".menu button", { hasText: "Settings" }).click();
    await judge(ann, "settings");
  });

  test(`account and inbox, ${colorScheme}`, async () => {
    const ann = await host(stage, { colorScheme });
    for (const [path, there] of [["account.html", ".portrait"], ["inbox.html", "#find:not([hidden])"], ["admin.html", "#admin-hint"]]) {
      const page = await stage.another(ann.context(), path);
      await page.waitForSelector(there);
      await judge(page, path);
    }
  });
}
