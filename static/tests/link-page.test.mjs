import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { GERMAN, account, send, start, takeToken } from "../links/link-page.js";

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

test("whoever opens the page of a confirmation is told whose account it is, by a call with their session", async () => {
  const told = async (status, text) => {
    const { calls, fetch } = answering(status, text);
    const found = await account(fetch, "/api/auth/verify-email/account/", "plv_x");
    assert.deepEqual([calls[0].credentials, calls[0].body], ["same-origin", { token: "plv_x" }]);
    return found;
  };
  const ann = (username) => JSON.stringify({ username, display_name: "Ann Lee", needs: "phrase" });
  assert.deepEqual(await told(200, ann("ann")), { name: "Ann Lee (ann)", needs: "phrase" });
  assert.deepEqual(await told(200, ann(null)), { name: "Ann Lee", needs: "phrase" });
  assert.deepEqual(await told(400, '{"error": "x", "fields": {"token": "No longer good."}}'), { sentence: "No longer good." });
  assert.match((await told(200, "{}")).sentence, /no sense/);
  assert.match((await account(() => Promise.reject(new TypeError("offline")), "/x/", "t")).sentence, /can't be reached/);
});

/** A page with one form, and what became of it. */
const pageWith = (dataset) => {
  const listeners = [];
  const named = {};
  const parts = ["password", "phrase", "session", "reset"].map((needs) => ({ dataset: { needs }, hidden: true }));
  const form = {
    dataset,
    hidden: true,
    querySelector: (what) => (what === "[data-name]" ? named : {}),
    querySelectorAll: () => parts,
    addEventListener: (name) => listeners.push(name),
  };
  return { form, listeners, named, parts, page: { querySelector: () => form, getElementById: () => ({}) } };
};

const open = async (page, fetch, address) => {
  const [replaced, before] = [[], globalThis.fetch];
  globalThis.fetch = fetch;
  try {
    await start(page, { href: `https://x.test${address}` }, { replaceState: (...all) => replaced.push(all) });
  } finally {
    globalThis.fetch = before;
  }
  return replaced;
};

test("opening a page takes the token out of the address bar, and the one for a password sends nothing", async () => {
  const { page, listeners } = pageWith({ call: "/api/auth/password/reset/" });
  const { calls, fetch } = answering(200, "{}");
  assert.deepEqual(await open(page, fetch, "/reset-password/?token=plp_x"), [[null, "", "/reset-password/"]]);
  assert.deepEqual([listeners, calls], [["submit"], []]);
});

test("the page of a confirmation names the account and asks for what is needed, and for nothing else", async () => {
  const body = '{"username": "ann", "display_name": "<b>Ann</b>", "needs": "password"}';
  const { page, form, named, parts } = pageWith({ call: "/c/", account: "/a/" });
  const { calls, fetch } = answering(200, body);
  await open(page, fetch, "/verify-email/?token=plv_x");
  assert.deepEqual(calls.map((call) => call.url), ["/a/"]);
  assert.equal(named.textContent, "<b>Ann</b> (ann)");
  assert.deepEqual([form.hidden, ...parts.map((part) => part.hidden)], [false, false, true, true, true]);
  const dead = pageWith({ call: "/c/", account: "/a/" });
  await open(dead.page, answering(400, '{"error": "Dead."}').fetch, "/verify-email/?token=plv_x");
  assert.equal(dead.form.hidden, true);
});

test("the page that links an account asks for the secret that is needed, with what lies in the cookie, and goes on from there", async () => {
  for (const needs of ["password", "phrase", "reset"]) {
    const { page, form, named, parts } = pageWith({ call: "/api/auth/link/", linking: "" });
    const { calls, fetch } = answering(200, "{}");
    const replaced = await open(page, fetch, `/accounts/link/?provider=google&needs=${needs}`);
    assert.deepEqual([replaced[0][2], named.textContent, form.hidden, calls], ["/accounts/link/", "Google", false, []]);
    assert.deepEqual(parts.map((part) => part.hidden), parts.map((part) => part.dataset.needs !== needs));
  }
  const told = await send(answering(200, '{"message": "You are signed in.", "next": "/rooms/"}').fetch, "/x/", "", {}, "same-origin");
  assert.deepEqual(told, { done: true, sentence: "You are signed in.", next: "/rooms/" });
  const strange = pageWith({ call: "/api/auth/link/", linking: "" });
  await open(strange.page, fetch, "/accounts/link/?provider=<b>&needs=x");
  assert.equal(strange.named.textContent, "…");
});

test("nothing is inline and nothing comes from elsewhere, as the content security policy demands", async () => {
  for (const [name, path] of [["verify-email", "verify-email"], ["reset-password", "reset-password"], ["link-account", "accounts/link"]]) {
    const html = await readFile(new URL(`${name}.html`, LINKS), "utf8");
    assert.doesNotMatch(html, /\sstyle=|<style|\son\w+=|<script(?![^>]*\ssrc=)|javascript:|<img/i);
    for (const [, address] of html.matchAll(/\b(?:src|href)="([^"]+)"/g)) assert.match(address, new RegExp(`^/(${path}/link-page\\.(js|css))?$`));
    assert.match(html, /<form data-call="\/api\/auth\/[a-z/-]+\/"/);
  }
  const script = await readFile(new URL("link-page.js", LINKS), "utf8");
  assert.doesNotMatch(script, /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|\bfrom "/);
  assert.doesNotMatch(await readFile(new URL("link-page.css", LINKS), "utf8"), /@import|url\(/);
});

test("every text of the pages is there in German, and no more than these", async () => {
  const asked = new Set();
  for (const name of ["verify-email", "reset-password", "link-account"]) {
    const html = (await readFile(new URL(`${name}.html`, LINKS), "utf8")).replace(/<noscript>[^]*<\/noscript>/, "");
    for (const [tag, text] of html.matchAll(/<[a-z][^<>]*>([^<>]*)/g)) {
      if (text.trim() !== "") assert.match(tag, /data-t="/, text);
    }
    for (const [, key] of html.matchAll(/data-t="([^"]+)"/g)) asked.add(key);
  }
  assert.deepEqual([...asked].sort(), Object.keys(GERMAN).sort());
});
