import assert from "node:assert/strict";
import { test } from "node:test";
import { uploadFile } from "../chat/upload-file.js";

/** A server that answers each request by its address; what was sent is kept. */
function server(answers) {
  const sent = [];
  class FakeRequest {
    upload = {};
    open(method, url) {
      Object.assign(this, { method, url });
    }
    setRequestHeader() {}
    abort() {}
    send(body) {
      sent.push({ method: this.method, url: this.url.split("?")[0], body });
      const [status, text] = answers(this.method, this.url);
      Object.assign(this, { status, responseText: typeof text === "string" ? text : JSON.stringify(text) });
      queueMicrotask(() => this.onload());
    }
  }
  return { sent, FakeRequest };
}

const LEAVE = { media_id: "m-1", url: "https://store.example/m-1", method: "PUT", headers: {} };

function byDefault(method, url) {
  if (url === "/api/upload-file/") return [200, { media_id: "m-0", content_type: "image/png" }];
  if (url === "/api/uploads/") return [200, LEAVE];
  return [200, ""];
}

function send({ size, answers = byDefault, publish = true }) {
  const { sent, FakeRequest } = server(answers);
  const asked = [];
  const mayPublish = async () => {
    asked.push(true);
    return publish;
  };
  const file = new File([new Uint8Array(size)], "film.mp4", { type: "video/mp4" });
  const stored = uploadFile({ file, token: "t", onProgress: () => {}, signal: new AbortController().signal, mayPublish, XMLHttpRequest: FakeRequest });
  return { stored, sent, asked };
}

test("a file of ordinary size goes through the application, and nobody is asked", async () => {
  const { stored, sent, asked } = send({ size: 1_000 });
  assert.deepEqual(await stored, { media_id: "m-0", content_type: "image/png" });
  assert.deepEqual(sent.map(({ url }) => url), ["/api/upload-file/"]);
  assert.equal(asked.length, 0);
});

test("a large file goes into the store directly, once its owner has said that all may see it", async () => {
  const { stored, sent, asked } = send({ size: 4_500_000 });
  assert.deepEqual(await stored, { media_id: "m-1", content_type: "video/mp4" });
  assert.deepEqual(sent.map(({ method, url }) => `${method} ${url}`), ["POST /api/uploads/", "PUT https://store.example/m-1", "HEAD /media_get/"]);
  assert.equal(asked.length, 1);
});

test("what the application finds too large goes the same way", async () => {
  const { stored, sent } = send({ size: 1_000, answers: (method, url) => (url === "/api/upload-file/" ? [413, {}] : byDefault(method, url)) });
  assert.equal((await stored).media_id, "m-1");
  assert.equal(sent.length, 4);
});

test("a large file that is not for all is not sent at all", async () => {
  const { stored, sent } = send({ size: 4_500_000, publish: false });
  await assert.rejects(stored, { code: "CANCELLED" });
  assert.deepEqual(sent, []);
});

test("a refusal and an answer that makes no sense are problems, not files", async () => {
  await assert.rejects(send({ size: 9, answers: () => [403, { code: "MUTED", error: "You are muted." }] }).stored, { code: "MUTED", message: "You are muted." });
  await assert.rejects(send({ size: 9, answers: () => [200, { media_id: 7 }] }).stored, { code: "SENSELESS" });
});
