import assert from "node:assert/strict";
import { test } from "node:test";
import { Session } from "../session.js";
import { fakeStorage, FakeTime } from "./fakes.mjs";

const TOKENS = { access_token: "jwt", expires_in: 3600, user: { display_name: "Ann (2)" } };

function setUp({ status = 200, body = JSON.stringify(TOKENS), storage = fakeStorage(), fail = false } = {}) {
  const calls = [];
  const time = new FakeTime();
  const fetch = async (path, init) => {
    calls.push({ path, ...init });
    if (fail) throw new TypeError("network");
    return new Response(body, { status });
  };
  const open = () => new Session({ fetch, storage, now: () => time.now, setTimeout: time.setTimeout, clearTimeout: time.clearTimeout });
  return { session: open(), open, calls, time, storage };
}

test("a guest signs in by name, with cookies, and gets the name that the server gave", async () => {
  const { session, calls } = setUp();
  await session.signInAsGuest("Ann");
  assert.equal(session.token, "jwt");
  assert.equal(session.name, "Ann (2)");
  const [{ path, method, credentials, headers, body }] = calls;
  assert.deepEqual({ path, method, credentials, body }, { path: "/api/auth/guest/", method: "POST", credentials: "include", body: '{"display_name":"Ann"}' });
  assert.equal(headers["Content-Type"], "application/json");
});

test("a reload keeps the session", async () => {
  const { session, open } = setUp();
  await session.signInAsGuest("Ann");
  assert.equal(open().token, "jwt");
});

test("a token that runs out is forgotten at that moment", async () => {
  const { session, storage, time } = setUp();
  await session.signInAsGuest("Ann");
  let heard = 0;
  session.addEventListener("change", () => { heard += 1; });
  time.pass(3_599_999);
  assert.equal(session.token, "jwt");
  time.pass(1);
  assert.equal(heard, 1);
  assert.equal(session.token, null);
  assert.equal(session.name, null);
  assert.equal(storage.kept.size, 0);
});

test("a token that ran out while the tab was asleep is no token", async () => {
  const { session, open, time } = setUp();
  await session.signInAsGuest("Ann");
  time.now += 3_600_000;
  assert.equal(session.token, null);
  assert.equal(open().token, null);
});

test("a token that lives longer than a timer can wait stays good", async () => {
  const { session, time } = setUp({ body: JSON.stringify({ ...TOKENS, expires_in: 60 * 24 * 3600 }) });
  await session.signInAsGuest("Ann");
  time.pass(59 * 24 * 3600 * 1000);
  assert.equal(session.token, "jwt");
  time.pass(24 * 3600 * 1000);
  assert.equal(session.token, null);
});

test("the server's sentence and fields reach the caller, and nobody is signed in", async () => {
  const body = '{"error":"Some fields are wrong.","code":"INVALID_INPUT","fields":{"display_name":"Too long."}}';
  const { session } = setUp({ status: 400, body });
  await assert.rejects(session.signInAsGuest("Ann"), {
    message: "Some fields are wrong.", code: "INVALID_INPUT", status: 400, fields: { display_name: "Too long." },
  });
  assert.equal(session.token, null);
});

test("an unreachable server is said in words", async () => {
  await assert.rejects(setUp({ fail: true }).session.signInAsGuest("Ann"), { status: 0, message: /can't be reached/ });
});

test("an answer without a token signs nobody in", async () => {
  const { session } = setUp({ body: "<html>hello</html>" });
  await assert.rejects(session.signInAsGuest("Ann"), { message: /made no sense/ });
  assert.equal(session.token, null);
});

test("signing out forgets the token at once, and tells the server with it", async () => {
  const { session, calls, storage } = setUp();
  await session.signInAsGuest("Ann");
  const done = session.signOut();
  assert.equal(session.token, null);
  await done;
  assert.equal(calls[1].path, "/api/auth/logout/");
  assert.equal(calls[1].headers.Authorization, "Bearer jwt");
  assert.equal(storage.kept.size, 0);
});

test("listeners hear of every change, and of an end that they did not ask for", async () => {
  const { session } = setUp();
  const heard = [];
  for (const type of ["change", "expire"]) session.addEventListener(type, () => heard.push(`${type} ${session.token}`));
  await session.signInAsGuest("Ann");
  session.expire();
  assert.deepEqual(heard, ["change jwt", "change null", "expire null"]);
});

test("storage that is forbidden or garbled does no harm", async () => {
  const forbidden = { getItem() { throw new Error("no"); }, setItem() { throw new Error("no"); }, removeItem() { throw new Error("no"); } };
  const { session } = setUp({ storage: forbidden });
  await session.signInAsGuest("Ann");
  assert.equal(session.token, "jwt");
  for (const kept of ["{", "null", "[]", '{"token":7}', '{"token":"t","name":"n"}']) {
    assert.equal(setUp({ storage: fakeStorage({ "parlor.session": kept }) }).session.token, null, kept);
  }
});
