// The client in a page, whose way to the real server breaks again and again while many people talk.

import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, createServer } from "node:net";
import { after, before, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { notOnFunctions } from "./local-dev.mjs";
import { Stage } from "./stage.mjs";

/** How much is said. */
const MESSAGES = 10_000;
/** What the client in the page says of it. */
const OWN = Math.floor(MESSAGES / 50);
const PEOPLE = 40;
/** A connection lasts for so many milliseconds at most. */
const LIFE = 1_500;
/** The time between two messages of one person: so much is said in a second that no break is longer than what a server tells again. */
const PAUSE = 150;
const PATIENCE = 300_000;

let stage;
let way;

before(async () => {
  stage = await Stage.set(["--rate-limits", "lift"]);
  way = await BreakingWay.to(stage.server.port);
});

after(async () => {
  await stage?.strike();
  way?.close();
});

/** A way to a server on which every connection breaks, sooner or later, in the middle of whatever is sent. */
class BreakingWay {
  breaks = 0;
  #open = new Set();

  static async to(port) {
    const way = new BreakingWay();
    way.server = createServer((client) => way.#lead(client, connect(port, "localhost"))).listen(0, "localhost");
    await once(way.server, "listening");
    way.url = `http://localhost:${way.server.address().port}/`;
    return way;
  }

  #lead(client, server) {
    this.#open.add(client);
    client.pipe(server).pipe(client);
    const timer = setTimeout(() => {
      this.breaks += 1;
      client.destroy();
    }, LIFE / 3 + Math.random() * (LIFE * 2) / 3);
    for (const [end, other] of [[client, server], [server, client]]) {
      end.on("error", () => other.destroy());
      end.on("close", () => other.destroy());
    }
    client.on("close", () => {
      clearTimeout(timer);
      this.#open.delete(client);
    });
  }

  close() {
    this.server.close();
    for (const client of this.#open) client.destroy();
  }
}

/** A call of the server, not on the way that breaks; whoever is told to wait waits. */
async function call(path, token, body) {
  for (;;) {
    const answer = await fetch(new URL(path, stage.server.url), {
      method: "POST", body: JSON.stringify(body),
      headers: { "content-type": "application/json", ...(token && { authorization: `Bearer ${token}` }) },
    });
    if (answer.status !== 429) {
      assert.ok(answer.ok, `${path}: ${answer.status}`);
      return answer.json();
    }
    await pause(Number(answer.headers.get("retry-after")) * 1_000);
  }
}

const guest = async (name) => (await call("api/auth/guest/", null, { display_name: name })).access_token;

/** Somebody with an account, who may make rooms. */
async function host() {
  const account = { username: "host", password: "plum amber kettle nine" };
  await call("api/register/", null, account);
  return (await call("api/login/", null, account)).access_token;
}

/** Somebody comes in and says their part. */
async function speak(number, code, count) {
  const token = await guest(`Speaker ${number}`);
  await call("api/rooms/join/", token, { code });
  for (let said = 0; said < count; said += 1) {
    const name = `${number}-${said}`;
    await call(`api/rooms/${code}/messages/`, token, { message: name, client_msg_id: name });
    await pause(PAUSE);
  }
}

/** The client in the page listens, and says something now and then. */
const listen = (page, code, own) => page.evaluate(async ([code, own]) => {
  const { Parlor } = await import("/parlor.js");
  const parlor = new Parlor(location.origin);
  await parlor.session.signInAsGuest("Listener");
  await parlor.rooms.join({ code });
  const channel = parlor.channel(code);
  window.heard = [];
  window.begun = 0;
  channel.addEventListener("history", () => (window.begun += 1));
  channel.addEventListener("message", ({ detail }) => window.heard.push([detail.id, detail.message, detail.is_self]));
  // As a page does that is looked at: it does not wait until it is tried again.
  channel.addEventListener("state", ({ detail }) => detail.kind === "waiting" && channel.wake());
  await new Promise((resolve) => {
    channel.addEventListener("history", resolve, { once: true });
    channel.connect();
  });
  let said = 0;
  const more = setInterval(() => {
    if (channel.outbox.entries.length < 5) channel.write({ message: `own ${++said}` });
    if (said === own) clearInterval(more);
  }, 100);
}, [code, own]);

test(`of ${MESSAGES} messages none is lost, doubled or out of order while connections break`, notOnFunctions("it is the client that is tried"), async (context) => {
  const { code } = await call("api/rooms/", await host(), { name: "Talk" });
  const page = await stage.visit("", {});
  await page.goto(way.url);
  await listen(page, code, OWN);
  const each = Math.ceil((MESSAGES - OWN) / PEOPLE);
  await Promise.all(Array.from({ length: PEOPLE }, (_, number) => speak(number, code, each)));
  const all = each * PEOPLE + OWN;
  await page.waitForFunction((all) => window.heard.length >= all, all, { timeout: PATIENCE });
  const { heard, begun } = await page.evaluate(() => ({ heard: window.heard, begun: window.begun }));
  context.diagnostic(`${heard.length} messages, ${way.breaks} connections broke, the list began anew ${begun - 1} times`);
  assert.deepEqual(heard.map(([id]) => id), Array.from({ length: all }, (_, index) => index + 1));
  assert.deepEqual(heard.filter(([, , isSelf]) => isSelf).map(([, text]) => text), Array.from({ length: OWN }, (_, index) => `own ${index + 1}`));
  assert.ok(way.breaks >= 20, `${way.breaks} breaks`);
});
