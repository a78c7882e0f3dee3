import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { test } from "node:test";
import { explainClose } from "../close.js";
import { bytes, duration, plural } from "../format.js";

const HERE = new URL("../", import.meta.url);
const read = (name) => readFile(new URL(name, HERE), "utf8");
const modules = (await readdir(HERE)).filter((name) => name.endsWith(".js"));
const html = await read("index.html");

test("every element that a module asks for is in index.html, and every id there is unique", async () => {
  const ids = [...html.matchAll(/\bid="([^"]+)"/g)].map(([, id]) => id);
  assert.equal(new Set(ids).size, ids.length);
  const asked = [...(await read("app.js")).matchAll(/byId\("([^"]+)"\)/g)].map(([, id]) => id);
  assert.ok(asked.length > 30);
  for (const id of asked) assert.ok(ids.includes(id), id);
});

test("every icon that is used is drawn", async () => {
  const drawn = new Set([...html.matchAll(/<symbol id="icon-([^"]+)"/g)].map(([, name]) => name));
  const used = [...html.matchAll(/href="#icon-([^"]+)"/g)].map(([, name]) => name);
  for (const name of modules) used.push(...[...(await read(name)).matchAll(/\bicon\("([^"]+)"\)/g)].map(([, icon]) => icon));
  for (const name of used) assert.ok(drawn.has(name), name);
});

test("nothing is inline and nothing comes from elsewhere, as the content security policy demands", async () => {
  assert.doesNotMatch(html, /\sstyle=|<style|\son\w+=|<script(?![^>]*\ssrc=)|javascript:/i);
  for (const [, address] of html.matchAll(/\b(?:src|href)="([^"]+)"/g)) assert.match(address, /^(\.\/|#)/);
  assert.doesNotMatch(await read("style.css"), /@import|url\(/);
});

test("no module can turn text into markup or code", async () => {
  assert.ok(modules.length > 10);
  for (const name of modules) {
    assert.doesNotMatch(await read(name), /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function/, name);
  }
});

test("every module that is imported is there", async () => {
  for (const name of modules) {
    for (const [, imported] of (await read(name)).matchAll(/from "\.\/([^"]+)"/g)) assert.ok(modules.includes(imported), `${name}: ${imported}`);
  }
});

test("a close is explained in words with its code behind", () => {
  assert.equal(explainClose({ code: 1006, reason: "" }), "The connection broke off. (1006)");
  assert.equal(explainClose({ code: 4003, reason: "ORIGIN_NOT_ALLOWED" }), "This page's site is not allowed to connect. (4003: ORIGIN_NOT_ALLOWED)");
  assert.equal(explainClose({ code: 4999, reason: "" }), "The connection was closed. (4999)");
});

test("sizes and times read well", () => {
  assert.deepEqual([0, 999, 1000, 1449, 9949, 9950, 999_499, 999_500, 4.2e9].map(bytes),
    ["0 B", "999 B", "1.0 kB", "1.4 kB", "9.9 kB", "10 kB", "999 kB", "1.0 MB", "4.2 GB"]);
  assert.deepEqual([0, 2.84, 65, 3600, -1].map(duration), ["0:00", "0:02", "1:05", "60:00", "0:00"]);
  assert.deepEqual([0, 1, 2].map((count) => plural(count, "message")), ["0 messages", "1 message", "2 messages"]);
});
