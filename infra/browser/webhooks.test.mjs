// Webhooks as an admin and a host see them, with a program that is really called. Screenshots go to the folder SCREENSHOTS.

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { admin, hears, host, say } from "./people.mjs";
import { overflow, phone, shot, Stage } from "./stage.mjs";

let stage;
let receiver;

/** A program that is told; it answers with `status`, and keeps what came. */
class Receiver {
  status = 204;
  calls = [];

  static async start() {
    const made = new Receiver();
    made.server = createServer((request, response) => {
      const parts = [];
      request.on("data", (part) => parts.push(part));
      request.on("end", () => {
        made.calls.push({ headers: request.headers, body: Buffer.concat(parts).toString() });
        response.writeHead(made.status).end();
        made.server.emit("told");
      });
    });
    made.server.listen(0, "127.0.0.1");
    await once(made.server, "listening");
    made.url = `http://127.0.0.1:${made.server.address().port}/parlor`;
    return made;
  }

  /** The next call about these words that is answered with a status. */
  async about(words) {
    for (;;) {
      const call = this.calls.find(({ body }) => body.includes(words));
      if (call) return call;
      await once(this.server, "told", { signal: AbortSignal.timeout(60_000) });
    }
  }
}

before(async () => {
  stage = await Stage.set(["--reach", "loopback"]);
  receiver = await Receiver.start();
});

after(async () => {
  receiver?.server.close();
  await stage?.strike();
});

/** What Standard Webhooks says a signature is. */
function signature(secret, { headers, body }) {
  const signed = `${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${body}`;
  return `v1,${createHmac("sha256", Buffer.from(secret.replace("whsec_", ""), "base64")).update(signed).digest("base64")}`;
}

/** Lets other programs be told what happens in a room. */
async function lets(ann) {
  await ann.click("#room-menu");
  await ann.locator(".menu button", { hasText: "Settings" }).click();
  await ann.check("dialog [name=webhooks]");
  await ann.click("dialog button[type=submit]");
  await ann.locator("dialog").waitFor({ state: "detached" });
}

/** Adds a webhook, and gives the secret that is shown. */
async function added(desk, url) {
  await desk.getByRole("button", { name: "Add a webhook" }).click();
  await desk.fill("dialog [name=url]", url);
  await desk.click("dialog button[type=submit]");
  const secret = await desk.locator('dialog input[aria-label="Secret"]').inputValue();
  await shot(desk, "webhook-secret");
  await desk.keyboard.press("Escape");
  await desk.locator("#webhooks li", { hasText: url }).waitFor();
  return secret;
}

async function act(desk, url, action) {
  await desk.locator("#webhooks li", { hasText: url }).locator("button[aria-haspopup]").click();
  await desk.locator(".menu button", { hasText: action }).click();
}

/** Loads the desk anew until a webhook is tagged so: failures are written down after they were answered. */
async function becomes(desk, tag) {
  const tags = () => desk.locator("#webhooks li .tag", { hasText: tag }).waitFor({ timeout: 1_000 }).then(() => true, () => false);
  for (let tries = 0; tries < 20; tries += 1) {
    if (await tags()) return;
    await desk.reload();
  }
  assert.fail(`no webhook became ${tag}`);
}

test("an admin adds a webhook, a host lets it be told, and what it is told is signed with the secret that was shown", async () => {
  const desk = await admin(stage);
  const ann = await host(stage);
  await desk.getByText("Nobody is told yet.").waitFor();
  await say(ann, "between us");
  await hears(ann, "between us");
  const secret = await added(desk, receiver.url);
  await lets(ann);
  await say(ann, "for everybody");
  const call = await receiver.about("for everybody");
  assert.equal(call.headers["webhook-signature"], signature(secret, call));
  assert.ok(!receiver.calls.some(({ body }) => body.includes("between us")));
  assert.ok(!(await desk.content()).includes(secret));
  assert.deepEqual([...desk.complaints, ...ann.complaints], []);
});

test("a program that fails is shown as failing, is told once it answers again, and can be switched off, on and deleted", async () => {
  const desk = await admin(stage, phone());
  const ann = await host(stage);
  await lets(ann);
  receiver.status = 500;
  await say(ann, "come back later");
  await receiver.about("come back later");
  await becomes(desk, "failing");
  await desk.locator("#webhooks .row-note", { hasText: "500" }).waitFor();
  await desk.locator("#webhooks").scrollIntoViewIfNeeded();
  await shot(desk, "webhooks-phone");
  assert.ok((await overflow(desk)) <= 0);
  await act(desk, receiver.url, "What it could not be told");
  await desk.locator("dialog", { hasText: "Nothing." }).waitFor();
  await desk.keyboard.press("Escape");
  receiver.status = 204;
  receiver.calls = [];
  await receiver.about("come back later");
  await act(desk, receiver.url, "Disable");
  await desk.locator("#webhooks .tag", { hasText: "off" }).waitFor();
  await act(desk, receiver.url, "Enable");
  await desk.locator("#webhooks .tag").waitFor({ state: "detached" });
  await act(desk, receiver.url, "Delete");
  await desk.click("dialog .danger");
  await desk.getByText("Nobody is told yet.").waitFor();
  await desk.locator("#trail li", { hasText: "webhook deleted" }).waitFor();
  assert.deepEqual(desk.complaints, []);
});

test("an address that may not be called is refused in the form, and topics are kept when a webhook is changed", async () => {
  const desk = await admin(stage);
  await desk.getByRole("button", { name: "Add a webhook" }).click();
  await desk.click("dialog button[type=submit]");
  await desk.locator("dialog .problem", { hasText: "needed" }).waitFor();
  await desk.fill("dialog [name=url]", "gopher://parlor.example");
  await desk.click("dialog button[type=submit]");
  await desk.locator("dialog [name=url][aria-invalid=true]").waitFor();
  await desk.uncheck("dialog [name=member]");
  await desk.fill("dialog [name=url]", "https://parlor.example/hook");
  await desk.click("dialog button[type=submit]");
  await desk.locator('dialog input[aria-label="Secret"]').waitFor();
  await desk.keyboard.press("Escape");
  await act(desk, "parlor.example", "Change");
  assert.equal(await desk.isChecked("dialog [name=member]"), false);
  await desk.fill("dialog [name=url]", "https://parlor.example/other");
  await desk.click("dialog button[type=submit]");
  await desk.locator("#webhooks li", { hasText: "https://parlor.example/other" }).locator(".row-line", { hasText: "messages · rooms" }).waitFor();
  await shot(desk, "webhooks");
  assert.deepEqual(desk.complaints, []);
});
