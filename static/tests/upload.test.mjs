import assert from "node:assert/strict";
import { test } from "node:test";
import { upload, uploadForm } from "../feed/upload.js";

const SAVED = { status: "File saved", media_id: "m-1", filename: "a.mp3", saved_to: "http://host/media/x.mp3", genre: "Jazz" };

/** Makes an XMLHttpRequest class whose one request ends as `act` says. */
function fakeRequest(act) {
  const seen = { headers: {} };
  class FakeRequest {
    upload = {};
    open(method, path) {
      Object.assign(seen, { method, path });
    }
    setRequestHeader(name, value) {
      seen.headers[name] = value;
    }
    send(body) {
      Object.assign(seen, { body, withCredentials: this.withCredentials });
      act(this);
    }
    abort() {
      this.onabort();
    }
  }
  return { seen, FakeRequest };
}

const answering = (status, text) => (request) => {
  Object.assign(request, { status, responseText: text });
  request.onload();
};
const file = () => new File(["bytes"], "../ä.mp3", { type: "audio/mpeg" });
const send = (FakeRequest, more = {}) => upload({ file: file(), token: "jwt", XMLHttpRequest: FakeRequest, ...more });

test("a file goes out with its fields and the token", async () => {
  const { seen, FakeRequest } = fakeRequest(answering(200, JSON.stringify(SAVED)));
  const uploaded = await send(FakeRequest, { params: [["genre", "Jazz"]] });
  assert.deepEqual(uploaded, { status: "File saved", media_id: "m-1", filename: "a.mp3", saved_to: "http://host/media/x.mp3" });
  assert.deepEqual([seen.method, seen.path, seen.withCredentials], ["POST", "/media_post/", true]);
  assert.equal(seen.headers.Authorization, "Bearer jwt");
  assert.deepEqual([...seen.body.keys()], ["genre", "file"]);
});

test("fields without a name stay behind, names are trimmed, and the file comes last", () => {
  const form = uploadForm(file(), [["", "lost"], ["  ", "lost"], [" mood ", " calm "]]);
  assert.deepEqual([...form.keys()], ["mood", "file"]);
  assert.equal(form.get("mood"), " calm ");
});

test("progress is told in bytes, and only where it is known", async () => {
  const told = [];
  const { FakeRequest } = fakeRequest((request) => {
    request.upload.onprogress({ lengthComputable: false, loaded: 1, total: 0 });
    request.upload.onprogress({ lengthComputable: true, loaded: 3, total: 9 });
    answering(200, JSON.stringify(SAVED))(request);
  });
  await send(FakeRequest, { onProgress: (sent, total) => told.push([sent, total]) });
  assert.deepEqual(told, [[3, 9]]);
});

test("the server's sentence is the error", async () => {
  const { FakeRequest } = fakeRequest(answering(400, '{"error":"Nothing in it.","code":"INVALID_INPUT"}'));
  await assert.rejects(send(FakeRequest), { message: "Nothing in it.", code: "INVALID_INPUT", status: 400 });
});

test("an error without a sentence gets one of ours", async () => {
  for (const [status, sentence] of [[401, /sign in/], [413, /too large/], [502, /met an error \(502\)/], [418, /refused this \(418\)/]]) {
    const { FakeRequest } = fakeRequest(answering(status, "<html>"));
    await assert.rejects(send(FakeRequest), { message: sentence, status });
  }
});

test("a success without a media id is no success", async () => {
  const { FakeRequest } = fakeRequest(answering(200, "{}"));
  await assert.rejects(send(FakeRequest), { message: /made no sense/ });
});

test("a broken connection and a cancelled upload are told apart", async () => {
  const broken = fakeRequest((request) => request.onerror());
  await assert.rejects(send(broken.FakeRequest), { message: /can't be reached/, code: "UNREACHABLE" });
  const abort = new AbortController();
  const waiting = fakeRequest(() => abort.abort());
  await assert.rejects(send(waiting.FakeRequest, { signal: abort.signal }), { code: "CANCELLED" });
});
