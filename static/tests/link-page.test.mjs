import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { send, start, takeToken } from "../links/link-page.js";

const LINKS = new URL("../links/", import.meta.url);
const answering = (status, text) => {
  const calls = [];
  const fetch = async (url, init) => {
    calls.push({ url, ...init, body: JSON.parse(init.body) });
    return new Response(text, { status });
  };
  return { calls, fetch };
};

test("a token is taken out of the address", () => {
  assert.deepEqual(takeToken("https://x.test/verify-email/?token=plv_a-b_c&x=1"), { token: "plv_a-b_c", bare: "/verify-email/" });
  assert.equal(takeToken("https://x.test/verify-email/").token, "");
});

test("what was filled in is sent with the token, without credentials, and what was left empty isn't", async () => {
  const { calls, fetch } = answering(200, '{"success": true, "message": "Changed."}');
  const answer = await send(fetch, "/api/auth/password/reset/", "plp_x", { password: "p", password2: "p", phrase: "" });
  assert.deepEqual(answer, { done: true, sentence: "Changed." });
  assert.equal(calls[0].url, "/api/auth/password/reset/");
  assert.deepEqual([calls[0].method, calls[0].credentials], ["POST", "omit"]);
  assert.deepEqual(calls[0].body, { password: "p", password2: "p", token: "plp_x" });
});

test("an error is told by its fields, else by its sentence", async () => {
  const told = async (status, text) => send(answering(status, text).fetch, "/x/", "t", {});
  const fields = '{"error": "Please check your input.", "code": "INVALID_INPUT", "fields": {"password": "Too easy."}}';
  assert.deepEqual(await told(400, fields), { done: false, sentence: "Too easy." });
  assert.deepEqual(await told(503, '{"error": "Try again.", "code": "UNAVAILABLE"}'), { done: false, sentence: "Try again." });
  for (const senseless of ["<html>", "null", '{"message": 1}']) {
    const { done, sentence } = await told(200, senseless);
    assert.equal(done, false, senseless);
    assert.match(sentence, /no sense/);
  }
  const { sentence } = await send(() => Promise.reject(new TypeError("offline")), "/x/", "t", {});
  assert.match(sentence, /can't be reached/);
});

test("opening a page sends nothing and takes the token out of the address bar", () => {
  const replaced = [];
  const listeners = [];
  const form = { querySelector: () => ({}), addEventListener: (name) => listeners.push(name) };
  const page = { querySelector: () => form, getElementById: () => ({}) };
  start(page, { href: "https://x.test/verify-email/?token=plv_x" }, { replaceState: (...all) => replaced.push(all) });
  assert.deepEqual(replaced, [[null, "", "/verify-email/"]]);
  assert.deepEqual(listeners, ["submit"]);
});

test("nothing is inline and nothing comes from elsewhere, as the content security policy demands", async () => {
  for (const name of ["verify-email", "reset-password"]) {
    const html = await readFile(new URL(`${name}.html`, LINKS), "utf8");
    assert.doesNotMatch(html, /\sstyle=|<style|\son\w+=|<script(?![^>]*\ssrc=)|javascript:|<img/i);
    for (const [, address] of html.matchAll(/\b(?:src|href)="([^"]+)"/g)) assert.match(address, new RegExp(`^/${name}/link-page\\.(js|css)$`));
    assert.match(html, /<form data-call="\/api\/auth\/[a-z/-]+\/">/);
  }
  const script = await readFile(new URL("link-page.js", LINKS), "utf8");
  assert.doesNotMatch(script, /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|\bfrom "/);
  assert.doesNotMatch(await readFile(new URL("link-page.css", LINKS), "utf8"), /@import|url\(/);
});
