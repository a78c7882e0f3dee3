import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { test } from "node:test";
import germanDesk from "../text/de-desk.js";
import germanServer from "../text/de-server.js";
import germanEverywhere from "../text/de.js";
import englishDesk from "../text/en-desk.js";
import englishEverywhere from "../text/en.js";
import { languageOf, localeOf } from "../text/language.js";
import { closeSentence, sentenceOf } from "../text/problems.js";
import { t } from "../text/text.js";

const [german, english] = [{ ...germanEverywhere, ...germanDesk }, { ...englishEverywhere, ...englishDesk }];
const HERE = new URL("../", import.meta.url);
const read = (name) => readFile(new URL(name, HERE), "utf8");
// The API's own page is made of the API's description, which is English; mailed links open pages that stand alone.
const files = (await readdir(HERE, { recursive: true })).filter((name) => !/^(tests|links|docs|text|client|vendor)\//.test(name));
const pages = files.filter((name) => name.endsWith(".html"));
const modules = files.filter((name) => name.endsWith(".js") && name !== "parlor.js");
const slots = (text) => [...JSON.stringify(text).matchAll(/\{(\w+)\}/g)].map(([, name]) => name).filter((name, at, all) => all.indexOf(name) === at).sort();

test("every language has the same texts, with the same things to fill in, and none is empty", () => {
  assert.deepEqual(Object.keys(german), Object.keys(english));
  assert.ok(Object.keys(english).length > 400);
  for (const [key, text] of Object.entries(german)) {
    assert.deepEqual(slots(text), slots(english[key]), key);
    assert.equal(typeof text, typeof english[key], key);
    for (const form of [text, english[key]].flatMap((one) => (typeof one === "string" ? [one] : [one.one, one.other]))) assert.ok(form?.trim(), key);
  }
});

test("what only the admins' desk says is loaded by nobody else", async () => {
  const others = [...modules.filter((name) => !name.startsWith("admin/")), ...pages.filter((name) => name !== "admin.html")];
  for (const name of others) {
    const said = await read(name);
    for (const key of Object.keys(englishDesk)) assert.ok(!said.includes(`"${key}"`), `${name}: ${key}`);
  }
  assert.deepEqual(Object.keys(germanDesk), Object.keys(englishDesk));
});

test("what is known in German of what the server says of fields is what it says", async () => {
  const server = new URL("../../shared/src/", import.meta.url);
  const sources = (await readdir(server, { recursive: true })).filter((name) => name.endsWith(".rs"));
  const said = (await Promise.all(sources.map((name) => readFile(new URL(name, server), "utf8")))).join("\n");
  for (const sentence of Object.keys(germanServer)) assert.ok(said.includes(`"${sentence}"`), sentence);
});

test("German is German: hardly a sentence is the English one", () => {
  const same = Object.entries(german).filter(([key, text]) => typeof text === "string" && text === english[key] && text.includes(" ") && !text.includes(" · "));
  assert.deepEqual(same, []);
});

test("every text that a module asks for is there, and every text is asked for", async () => {
  const asked = new Set();
  for (const name of modules) for (const [, key] of (await read(name)).matchAll(/(?<![\w.])t\(\s*(?:[^"()]*\? )?"([^"]+)"/g)) asked.add(key);
  for (const name of modules) for (const [, key] of (await read(name)).matchAll(/"((?:[a-z]\w*\.)?\w+)"/g)) if (Object.hasOwn(english, key) && key.includes(".")) asked.add(key);
  for (const name of pages) for (const [, key] of (await read(name)).matchAll(/data-t(?:-\w+)?="([^"]+)"/g)) asked.add(key);
  for (const key of asked) assert.ok(Object.hasOwn(english, key), key);
  const unused = Object.keys(english).filter((key) => !asked.has(key) && !/^(error|closed|trail)\./.test(key));
  assert.deepEqual(unused, []);
});

test("a page's file says in English what its keys say, and nothing without a key", async () => {
  let checked = 0;
  for (const name of pages) {
    const html = (await read(name)).replace(/<noscript>[^]*<\/noscript>|<!--[^]*?-->/g, "");
    for (const [tag, text] of html.matchAll(/<[a-z][^<>]*>([^<>]*)/g)) {
      if (text.trim() === "" || text.trim() === "Parlor" || /class="(count|heartbeat-count)"/.test(tag)) continue;
      const key = tag.match(/data-t="([^"]+)"/)?.[1];
      assert.ok(key, `${name}: ${tag}`);
      assert.equal(text, english[key], name);
      checked += 1;
    }
    for (const [, text] of html.matchAll(/<\/[a-z]+>([^<>]*)/g)) assert.match(text.trim(), /^(Parlor)?$/, name);
    for (const [tag] of html.matchAll(/<[a-z][^<>]*>/g)) {
      for (const [, attribute, text] of tag.matchAll(/\s(aria-label|placeholder|title)="([^"]+)"/g)) {
        const key = tag.match(new RegExp(`data-t-${attribute.replace("aria-", "")}="([^"]+)"`))?.[1];
        assert.equal(text, english[key], `${name}: ${tag}`);
        checked += 1;
      }
    }
  }
  assert.ok(checked > 90);
});

/** What looks like words of a language, and is none: keys of a keyboard, headers, types, names that don't change. */
const NO_WORDS = /^"(Enter|Escape|Tab|Home|End|Space|Arrow\w+|Esc|Shift|Files|Google|Facebook|Bearer.*|Content-Type|Range|Notification|NotAllowedError|AbortError|HEAD|Parlor|Arrival|Conversation|Evening|sign in|by itself|after (approval|signing in)|under way|File saved)"$/;

// What carries a code is said in the page's language by `sentenceOf`.
test("no module of a page has words of its own", async () => {
  for (const name of modules) {
    const code = (await read(name)).replace(/\/\*[^]*?\*\/|(?<=^|\s)\/\/.*$|throw new Error\(.*$|new RequestError\("[^"]*", \{[^}]*code: "[A-Z_]+" \}/gm, "");
    const literals = [...code.matchAll(/"(?:[^"\\\n]|\\.)*"/g)].map(([text]) => text);
    const said = literals.filter((text) => /^"[A-Z][a-z]+["\s.…?!]|^"[a-z]+ [a-z]+ [a-z]+|[a-z]{3,}\s[a-z]{3,}.*[.?!…]"$/.test(text) && !NO_WORDS.test(text));
    const names = said.filter((text) => !new RegExp(`(class|className|rel|allow|referrerPolicy)(: | = |", )?\\[?[^,;]*${text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}`).test(code));
    assert.deepEqual(names, [], name);
    assert.doesNotMatch(code.replace(/\$\{[^}]*\}/g, ""), /`[^`\n/]*[A-Za-z]{3,} [a-z]{3,} [a-z]{2,}[^`\n]*`/, name);
  }
});

test("the browser's first language that we have is spoken, unless another one was chosen", () => {
  assert.equal(languageOf(null, ["fr", "de-AT", "en"]), "de");
  assert.equal(languageOf("en", ["de"]), "en");
  assert.equal(languageOf("tlh", ["fr"]), "en");
  assert.equal(languageOf(null, []), "en");
  assert.equal(localeOf("de", ["en-GB", "de-CH"]), "de-CH");
  assert.equal(localeOf("de", ["fr"]), "de");
});

test("texts are filled in, and the count decides between one and many", () => {
  assert.equal(t("feed.messages", { count: 1 }), "1 message");
  assert.equal(t("feed.messages", { count: 0 }), "0 messages");
  assert.equal(t("people.handOverTo", { name: "{name} $& <b>" }), "Hand the room over to {name} $& <b>?");
});

test("a server's sentence is taken where it speaks the page's language, and a close is explained", () => {
  assert.equal(sentenceOf({ code: "ROOM_FULL", message: "This room takes 50." }), "This room takes 50.");
  assert.equal(closeSentence({ code: 4003, reason: "NOT_APPROVED" }), "You are not a member of this room. (4003: NOT_APPROVED)");
  assert.equal(closeSentence({ code: 4999, reason: "" }), "The connection was closed. (4999)");
});

test("what is filled in keeps its direction to itself, and can't turn what stands around it", () => {
  assert.equal(t("people.letWhoIn", { name: "Bob" }), "Let Bob in");
  assert.equal(t("people.letWhoIn", { name: "\u05d3\u05df" }), "Let \u2068\u05d3\u05df\u2069 in");
  assert.equal(t("people.letWhoIn", { name: "a\u2069\u202eb" }), "Let \u2068ab\u2069 in");
});
