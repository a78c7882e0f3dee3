import assert from "node:assert/strict";
import { test } from "node:test";
import { upload } from "../feed/upload.js";

const LEAVE = {
  media_id: "m-1",
  url: "https://store.test/media/direct-1.mp3?signature=s",
  method: "PUT",
  headers: { "content-type": "audio/mpeg", "if-none-match": "*", "content-length": "9", host: "store.test" },
  expires_in: 3600,
};

/** Makes an XMLHttpRequest class whose requests are answered one after the other: `[status, text]`, or an `act`. */
function fakeRequests(...answers) {
  const seen = [];
  class FakeRequest {
    upload = {};
    headers = {};
    open(method, url) {
      Object.assign(this, { method, url });
    }
    setRequestHeader(name, value) {
      this.headers[name] = value;
    }
    send(body) {
      this.body = body;
      seen.push(this);
      const answer = answers.shift();
      if (typeof answer === "function") return answer(this);
      Object.assign(this, { status: answer[0], responseText: answer[1] ?? "" });
      this.onload();
    }
    abort() {
      this.onabort();
    }
  }
  return { seen, FakeRequest };
}

const begun = [200, JSON.stringify(LEAVE)];
const large = () => new File([new Uint8Array(4_000_001)], "ä.mp3", { type: "audio/mpeg" });
const small = () => new File(["bytes"], "a.mp3", { type: "audio/mpeg" });
const noWait = async () => {};
const send = (FakeRequest, more = {}) => upload({ file: large(), token: "jwt", wait: noWait, XMLHttpRequest: FakeRequest, ...more });
const lines = (seen) => seen.map(({ method, url }) => `${method} ${url}`);

test("a large file is announced, put where the answer says, and waited for", async () => {
  const { seen, FakeRequest } = fakeRequests(begun, [200], [404], [404], [200]);
  const uploaded = await send(FakeRequest, { params: [[" mood ", "calm"], ["", "lost"], ["size", "mine"]] });
  assert.deepEqual(uploaded, { media_id: "m-1", filename: "ä.mp3", saved_to: "", status: "File saved" });
  const asked = "HEAD /media_get/?media_id=m-1";
  assert.deepEqual(lines(seen), ["POST /api/uploads/", `PUT ${LEAVE.url}`, asked, asked, asked]);
  assert.deepEqual(JSON.parse(seen[0].body), { mood: "calm", filename: "ä.mp3", content_type: "audio/mpeg", size: 4_000_001 });
  assert.equal(seen[0].headers.Authorization, "Bearer jwt");
  assert.equal(seen[1].body.size, 4_000_001);
  assert.equal(seen[2].headers.Authorization, "Bearer jwt");
});

test("the store gets the signed headers that a page may set, and no credentials", async () => {
  const { seen, FakeRequest } = fakeRequests(begun, [200], [200]);
  await send(FakeRequest);
  assert.deepEqual(seen[1].headers, { "content-type": "audio/mpeg", "if-none-match": "*" });
  assert.deepEqual(seen.map((request) => request.withCredentials), [true, false, true]);
});

test("a small file goes that way, too, if the server finds it too large", async () => {
  const { seen, FakeRequest } = fakeRequests([413, "<html>"], begun, [200], [200]);
  await send(FakeRequest, { file: small() });
  assert.deepEqual(lines(seen).slice(0, 2), ["POST /media_post/", "POST /api/uploads/"]);
});

test("progress is that of the file", async () => {
  const told = [];
  const { FakeRequest } = fakeRequests(begun, (request) => {
    request.upload.onprogress({ lengthComputable: true, loaded: 3, total: 9 });
    request.status = 200;
    request.onload();
  }, [200]);
  await send(FakeRequest, { onProgress: (sent, total) => told.push([sent, total]) });
  assert.deepEqual(told, [[3, 9]]);
});

test("whatever refuses is the end of it, with a sentence", async () => {
  for (const [answers, sentence] of [
    [[[413, '{"error":"Too big by half.","code":"TOO_LARGE"}']], /Too big by half/],
    [[[200, "{}"]], /made no sense/],
    [[begun, [403, "<Error>signature</Error>"]], /refused this \(403\)/],
    [[begun, [200], [401]], /sign in/],
  ]) {
    const { seen, FakeRequest } = fakeRequests(...answers);
    await assert.rejects(send(FakeRequest), { message: sentence });
    assert.equal(seen.length, answers.length);
  }
});

test("what never arrives is not waited for for ever", async () => {
  const { seen, FakeRequest } = fakeRequests(begun, [200], ...Array(120).fill([404]));
  await assert.rejects(send(FakeRequest), { message: /not arrived yet/ });
  assert.equal(seen.length, 122);
});

test("an upload can be cancelled while it is sent, and while it is waited for", async () => {
  const sending = new AbortController();
  const first = fakeRequests(begun, () => sending.abort());
  await assert.rejects(send(first.FakeRequest, { signal: sending.signal }), { code: "CANCELLED" });
  const waiting = new AbortController();
  const second = fakeRequests(begun, [200], [404]);
  const wait = async () => waiting.abort();
  await assert.rejects(send(second.FakeRequest, { signal: waiting.signal, wait }), { code: "CANCELLED" });
});
