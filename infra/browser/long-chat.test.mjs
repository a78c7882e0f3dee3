// A chat of 10,000 messages: the document holds a part of it, and it scrolls smoothly.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { hears, host, say } from "./people.mjs";
import { Stage } from "./stage.mjs";

const MESSAGES = 10_000;
/** Rows in the document at most. */
const ROWS = 400;
/** The median time from frame to frame while scrolling, in milliseconds; 60 a second would be 17. Machines that test draw without a GPU. */
const FRAME = 50;

let stage;

before(async () => {
  stage = await Stage.set();
});

after(() => stage?.strike());

/** A room's page whose log is shown by the page's own modules, with so many messages loaded. */
async function longChat() {
  const page = await host(stage);
  await say(page, "begin");
  await hears(page, "begin");
  await page.evaluate(async (count) => {
    const [{ MessageStore }, { MessageLogView }] = await Promise.all([import("/chat/message-store.js"), import("/chat/message-log-view.js")]);
    const store = new MessageStore();
    const messages = Array.from({ length: count }, (_, index) => ({
      id: index + 1, message: `line ${index + 1} ${"and some words ".repeat(index % 7)}`, user: index % 5 ? "Ann" : "Bob", sender_id: index % 5 ? 1 : 2,
      created_at: new Date(1_700_000_000_000 + index * 20_000).toISOString(), mentions: [], reactions: {},
    }));
    store.replace(messages, false);
    const part = (id) => document.getElementById(id);
    // Copies, whose scrolling and whose button the page's own view does not hear.
    for (const id of ["chat-scroller", "chat-newest"]) part(id).replaceWith(part(id).cloneNode(true));
    part("chat-messages").replaceChildren();
    const view = new MessageLogView(store, { scroller: part("chat-scroller"), list: part("chat-messages"), pending: part("chat-pending"), toNewest: part("chat-newest"), top: part("chat-top") },
      { onTop: async () => {}, onBottom: () => {}, onPoint: () => {} }, { me: 1, find: (id) => store.get(id), nameOf: () => null, onReact: () => {}, onShow: () => {} });
    view.reset();
    Object.assign(window, { testedView: view, testedStore: store });
  }, MESSAGES);
  return page;
}

const rows = (page) => page.evaluate(() => [...document.querySelectorAll("#chat-messages li[data-id]")].map(({ dataset }) => Number(dataset.id)));
const isARun = (ids) => ids.every((id, index) => index === 0 || id === ids[index - 1] + 1);

test("10,000 messages are scrolled through from the newest to the oldest and back, with few in the document", async (context) => {
  const page = await longChat();
  assert.equal((await rows(page)).at(-1), MESSAGES);
  const { most, frames } = await page.evaluate(async () => {
    const scroller = document.getElementById("chat-scroller");
    const first = () => Number(document.querySelector("#chat-messages li[data-id]").dataset.id);
    const times = [];
    let [top, last] = [0, performance.now()];
    for (let step = 0; step < 3_000 && (first() > 1 || scroller.scrollTop > 0); step += 1) {
      scroller.scrollTop -= 900;
      await new Promise(requestAnimationFrame);
      times.push(performance.now() - last);
      last = performance.now();
      top = Math.max(top, document.querySelectorAll("#chat-messages li").length);
    }
    return { most: top, frames: times.sort((a, b) => a - b) };
  });
  const median = frames[frames.length >> 1];
  context.diagnostic(`${frames.length} frames, median ${median.toFixed(1)} ms, 95 of 100 within ${frames[Math.floor(frames.length * 0.95)].toFixed(1)} ms; at most ${most} rows`);
  assert.equal((await rows(page))[0], 1);
  assert.ok(most <= ROWS, `${most} rows`);
  assert.ok(median <= FRAME, `${median} ms`);
  await page.locator("#chat-newest:visible").click();
  await page.waitForFunction((id) => document.querySelector(`#chat-messages li[data-id="${id}"]`), MESSAGES);
  const shown = await rows(page);
  assert.equal(shown.at(-1), MESSAGES);
  assert.ok(isARun(shown) && shown.length <= ROWS);
});

test("a reader who has scrolled back stays where they read while others go on talking, and the way back shows it all", async () => {
  const page = await longChat();
  await page.evaluate(() => window.testedView.reveal(5_000));
  const place = () => page.evaluate(() => document.querySelector('#chat-messages li[data-id="5000"]').getBoundingClientRect().top);
  const before = await place();
  await page.evaluate((from) => {
    for (let id = from + 1; id <= from + 500; id += 1) {
      window.testedView.apply(window.testedStore.apply("message", { id, message: `new ${id}`, user: "Bob", sender_id: 2, created_at: new Date().toISOString(), mentions: [], reactions: {} }, 1));
    }
  }, MESSAGES);
  assert.ok(Math.abs(await place() - before) < 2);
  assert.ok((await rows(page)).length <= ROWS);
  await page.locator("#chat-newest", { hasText: "500" }).click();
  const shown = await rows(page);
  assert.equal(shown.at(-1), MESSAGES + 500);
  assert.ok(isARun(shown) && shown.length <= ROWS);
});
