import assert from "node:assert/strict";
import { test } from "node:test";
import { Session } from "../client/session.js";
import { fakeStorage } from "./fakes.mjs";

const TOKENS = { token: "opaque", access_token: "opaque", user: { id: 7, display_name: "Ann (2)", is_guest: true } };

function setUp({ status = 200, body = JSON.stringify(TOKENS), storage = fakeStorage(), fail = false } = {}) {
  const calls = [];
  const fetch = async (path, init) => {
    calls.push({ path, ...init });
    if (fail) throw new TypeError("network");
    return new Response(body, { status });
  };
  const open = () => new Session({ fetch, storage });
  return { session: open(), open, calls, storage };
}

test("a guest signs in by name, with cookies, and gets the name that the server gave", async () => {
  const { session, calls } = setUp();
  await session.signInAsGuest("Ann");
  assert.equal(session.token, "opaque");
  assert.equal(session.name, "Ann (2)");
  const [{ path, method, credentials, headers, body }] = calls;
  assert.deepEqual({ path, method, credentials, body }, { path: "/api/auth/guest/", method: "POST", credentials: "include", body: '{"display_name":"Ann"}' });
  assert.equal(headers["Content-Type"], "application/json");
});

test("a reload keeps the session", async () => {
  const { session, open } = setUp();
  await session.signInAsGuest("Ann");
  assert.equal(open().token, "opaque");
});

test("another tab's sign-in and sign-out are taken over", async () => {
  const { session, open } = setUp();
  const other = open();
  let heard = 0;
  other.addEventListener("change", () => { heard += 1; });
  await session.signInAsGuest("Ann");
  other.reload();
  assert.equal(other.token, "opaque");
  await session.signOut();
  other.reload();
  other.reload();
  assert.deepEqual([other.token, heard], [null, 2]);
});

test("who has registered is signed in", async () => {
  const { session, calls } = setUp();
  await session.register({ username: "ann", password: "plum amber kettle" });
  assert.deepEqual(calls.map(({ path }) => path), ["/api/register/", "/api/login/"]);
  assert.equal(session.user.id, 7);
});

test("an address goes to the sign-in by e-mail, a name to the one by username", async () => {
  const { session, calls } = setUp();
  await session.signIn({ login: " ann@example.org ", secret: "s" });
  await session.signIn({ login: "ann", secret: "s" });
  assert.deepEqual(calls.map(({ path, body }) => [path, body]), [
    ["/api/auth/login/", '{"email":"ann@example.org","password":"s"}'],
    ["/api/login/", '{"username":"ann","password":"s"}'],
  ]);
});

test("an account that has only a phrase is signed in to from the same field", async () => {
  const calls = [];
  const fetch = async (path, init) => {
    calls.push(init.body);
    return init.body.includes("phrase") ? new Response(JSON.stringify(TOKENS)) : new Response('{"error":"No."}', { status: 401 });
  };
  const session = new Session({ fetch, storage: fakeStorage() });
  await session.signIn({ login: "ann", secret: "plum amber" });
  assert.equal(session.token, "opaque");
  assert.equal(calls.at(-1), '{"username":"ann","phrase":"plum amber"}');
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
  assert.equal(calls[1].headers.Authorization, "Bearer opaque");
  assert.equal(storage.kept.size, 0);
});

test("listeners hear of every change, and of an end that they did not ask for", async () => {
  const { session } = setUp();
  const heard = [];
  for (const type of ["change", "expire"]) session.addEventListener(type, () => heard.push(`${type} ${session.token}`));
  await session.signInAsGuest("Ann");
  session.expire();
  assert.deepEqual(heard, ["change opaque", "change null", "expire null"]);
});

test("storage that is forbidden or garbled does no harm", async () => {
  const forbidden = { getItem() { throw new Error("no"); }, setItem() { throw new Error("no"); }, removeItem() { throw new Error("no"); } };
  const { session } = setUp({ storage: forbidden });
  await session.signInAsGuest("Ann");
  assert.equal(session.token, "opaque");
  for (const kept of ["{", "null", "[]", '{"token":7}', '{"token":"t","name":"n"}']) {
    assert.equal(setUp({ storage: fakeStorage({ "parlor.session": kept }) }).session.token, null, kept);
  }
});
