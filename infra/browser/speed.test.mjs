// What the pages weigh and how quickly they show something, with limits: measured in Chromium, without a cache, on a CPU slowed
// four times.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { guestInside, host } from "./people.mjs";
import { Stage, state } from "./stage.mjs";

/** Kilobytes over the wire, compressed; the first screen is the home page's. */
const LIGHT = { first: 60, any: 150 };
/** What the head of an answer comes to with HTTP/2, which CloudFront speaks: most of it was said before. Bytes. */
const HEAD = 100;
/** Milliseconds on the slowed CPU. They are generous: machines that test are busy. */
const QUICK = { paint: 8_000, usable: 25_000, script: 5_000 };
const SLOWED = 4;

let stage;

before(async () => {
  stage = await Stage.set();
});

after(() => stage?.strike());

/** A page that is loaded without a cache on a slow machine, and what that took. */
async function weighed(context, path, isThere) {
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send("Network.setCacheDisabled", { cacheDisabled: true });
  await session.send("Performance.enable");
  await session.send("Emulation.setCPUThrottlingRate", { rate: SLOWED });
  const began = Date.now();
  await page.goto(new URL(path, stage.server.url).href);
  await isThere(page);
  const usable = Date.now() - began;
  const { metrics } = await session.send("Performance.getMetrics");
  const script = metrics.find(({ name }) => name === "ScriptDuration").value * 1000;
  const { paint, parts } = await page.evaluate(() => ({
    paint: performance.getEntriesByName("first-contentful-paint")[0]?.startTime,
    parts: [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")].map(({ name, encodedBodySize }) => [new URL(name).pathname, encodedBodySize]),
  }));
  // What people have put there is not ours, and a stream's player is loaded for streams alone.
  const ours = parts.filter(([name]) => !/^\/(api|media|health|vendor|openapi.json|asyncapi.json)\b/.test(name));
  const kilobytes = ours.reduce((sum, [, size]) => sum + size + HEAD, 0) / 1000;
  return { page, ours, kilobytes, usable, script, paint };
}

/** Holds a page to the limits, and says what was measured. */
function judge(context, name, { ours, kilobytes, usable, script, paint }, limit) {
  const figures = `${name}: ${kilobytes.toFixed(1)} kB in ${ours.length} files, first paint ${Math.round(paint)} ms, usable after ${usable} ms, script ${Math.round(script)} ms`;
  context.diagnostic(figures);
  const heaviest = [...ours].sort(([, a], [, b]) => b - a).slice(0, 5).map(([file, size]) => `${file} ${size}`).join(", ");
  assert.ok(ours.length > 5 && kilobytes > 10, `${figures}: little was counted`);
  assert.ok(kilobytes <= limit, `${figures}; heaviest: ${heaviest}`);
  assert.ok(paint > 0 && paint <= QUICK.paint, figures);
  assert.ok(usable <= QUICK.usable, figures);
  assert.ok(script <= QUICK.script, figures);
}

const visitor = (locale = "en-GB") => stage.browser.newContext({ viewport: { width: 1280, height: 800 }, locale });

for (const locale of ["en-GB", "de-DE"]) {
  test(`the first screen is light and quick, ${locale}`, async (context) => {
    const home = await weighed(await visitor(locale), "", (page) => state(page, "open"));
    judge(context, `home, ${locale}`, home, LIGHT.first);
  });
}

test("no page is heavy, and each is soon usable", async (context) => {
  const ann = await host(stage);
  const places = {
    [`room.html${new URL(ann.url()).hash}`]: (page) => state(page, "open"),
    "account.html": (page) => page.waitForSelector(".portrait"),
    "inbox.html": (page) => page.waitForSelector("#find:not([hidden])"),
    "admin.html": (page) => page.waitForSelector("#admin-hint"),
    "docs/": (page) => page.locator("details.call").first().waitFor(),
  };
  for (const [path, isThere] of Object.entries(places)) {
    const page = await weighed(ann.context(), path, isThere);
    judge(context, path, page, LIGHT.any);
    await page.page.close();
  }
});

test("a page that was seen before is not sent again", async () => {
  const context = await visitor();
  const page = await context.newPage();
  const statuses = [];
  await page.goto(stage.server.url);
  await state(page, "open");
  page.on("response", (response) => /\.(js|css)$/.test(new URL(response.url()).pathname) && statuses.push(response.status()));
  await page.reload();
  await state(page, "open");
  assert.ok(statuses.length > 20);
  const { transferred } = await page.evaluate(() => ({ transferred: performance.getEntriesByType("resource").filter(({ name }) => /\.(js|css)$/.test(name)).reduce((sum, { transferSize }) => sum + transferSize, 0) }));
  assert.ok(transferred < 20_000, `${transferred} bytes`);
});

test("hls.js is loaded by nobody who watches no stream", async () => {
  const ann = await host(stage);
  const bob = await guestInside(stage, ann.url(), "Bob");
  for (const page of [ann, bob]) {
    assert.equal(await page.evaluate(() => performance.getEntriesByType("resource").filter(({ name }) => name.includes("/vendor/")).length), 0);
  }
});
