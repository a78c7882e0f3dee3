import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { test } from "node:test";
import { explainClose } from "../client/close.js";
import { bytes, duration } from "../page/format.js";

const HERE = new URL("../", import.meta.url);
const read = (name) => readFile(new URL(name, HERE), "utf8");
const files = (await readdir(HERE, { recursive: true })).map((name) => name.replaceAll("\\", "/")).filter((name) => !/^(tests|links|docs|vendor)\//.test(name));
const modules = files.filter((name) => name.endsWith(".js"));
const pages = files.filter((name) => name.endsWith(".html"));
const styles = files.filter((name) => name.endsWith(".css"));
const ids = (html) => [...html.matchAll(/\bid="([^"]+)"/g)].map(([, id]) => id);
/** Where a module's import leads, from the pages' folder. */
const target = (name, imported) => new URL(imported, new URL(name, HERE)).href.slice(HERE.href.length);

/** A page's modules, and all that they import. */
async function modulesOf(page) {
  const found = new Set([...(await read(page)).matchAll(/<script type="module" src="\.\/([^"]+)"/g)].map(([, name]) => name));
  for (const name of found) {
    for (const [, imported] of (await read(name)).matchAll(/(?:from |import\()"(\.[^"]+)"/g)) found.add(target(name, imported));
  }
  return [...found];
}

test("every element that a page's modules ask for is in the page, and every id there is unique", async () => {
  let asked = 0;
  for (const page of pages) {
    const there = ids(await read(page));
    assert.equal(new Set(there).size, there.length, page);
    for (const name of await modulesOf(page)) {
      for (const [, id] of (await read(name)).matchAll(/byId\("([^"]+)"\)/g)) {
        assert.ok(there.includes(id), `${page}: ${id}, for ${name}`);
        asked += 1;
      }
    }
  }
  assert.ok(asked > 60);
});

test("every icon that is used is drawn", async () => {
  const drawn = new Set([...(await read("icons.svg")).matchAll(/<symbol id="icon-([^"]+)"/g)].map(([, name]) => name));
  const used = [];
  for (const name of pages) used.push(...[...(await read(name)).matchAll(/icons\.svg#icon-([^"]+)"/g)].map(([, icon]) => icon));
  for (const name of modules) used.push(...[...(await read(name)).matchAll(/\bicon\("([^"]+)"\)/g)].map(([, icon]) => icon));
  assert.ok(used.length > 30);
  for (const name of used) assert.ok(drawn.has(name), name);
});

test("nothing is inline and nothing comes from elsewhere, as the content security policy demands", async () => {
  for (const page of pages) {
    const html = await read(page);
    assert.doesNotMatch(html, /\sstyle=|<style|\son\w+=|<script(?![^>]*\ssrc=)|javascript:/i, page);
    for (const [, address] of html.matchAll(/\b(?:src|href)="([^"]+)"/g)) assert.match(address, /^(\.\/|#)/, page);
  }
  for (const style of styles) assert.doesNotMatch(await read(style), /@import|url\(/, style);
});

test("no module can turn text into markup or code", async () => {
  assert.ok(modules.length > 40);
  for (const name of modules) {
    assert.doesNotMatch(await read(name), /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function/, name);
  }
});

test("every module, style and page that is named is there", async () => {
  for (const name of modules) {
    for (const [, imported] of (await read(name)).matchAll(/(?:from |import\()"(\.[^"]+)"/g)) assert.ok(modules.includes(target(name, imported)) || imported === "../vendor/hls.light.min.mjs", `${name}: ${imported}`);
    for (const [, page] of (await read(name)).matchAll(/"\.\/([a-z]+\.html)/g)) assert.ok(pages.includes(page), `${name}: ${page}`);
  }
  for (const page of pages) {
    for (const [, file] of (await read(page)).matchAll(/\b(?:src|href)="\.\/([^"#]+)/g)) assert.ok(files.includes(file), `${page}: ${file}`);
  }
});

test("no file is too long to be read at once", async () => {
  for (const name of [...modules, ...styles]) assert.ok((await read(name)).split("\n").length <= 301, name);
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
});
