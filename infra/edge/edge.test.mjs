/**
 * Runs the CloudFront Function that stands in `template.yaml`, that very text.
 *
 * What it makes of a socket's URL is told by `cases.json`, against which local-dev's edge is held, too
 * (`local-dev/src/gateway/edge.rs`).
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import vm from "node:vm";

const read = (path) => readFileSync(new URL(path, import.meta.url), "utf8");
const code = blockOf("FunctionCode", read("../../template.yaml"));
const cases = JSON.parse(read("cases.json"));
const VIEWER = "2001:db8::7";

/** The lines of a YAML block scalar (`key: |`), without their indentation. */
function blockOf(key, yaml) {
  const lines = yaml.split("\n");
  const starts = lines.flatMap((line, number) => (line.trim() === `${key}: |` ? [number] : []));
  assert.equal(starts.length, 1, `one ${key}`);
  const indent = lines[starts[0]].search(/\S/) + 2;
  const rest = lines.slice(starts[0] + 1);
  const end = rest.findIndex((line) => line.trim() !== "" && line.search(/\S/) < indent);
  return rest.slice(0, end).map((line) => line.slice(indent)).join("\n").trimEnd();
}

/** What the function makes of an event; in a realm of its own, strict as CloudFront's. */
function handle({ uri, query = "", headers = {} }) {
  const request = { method: "GET", uri, querystring: asCloudFrontShows(query), headers, cookies: {} };
  const context = vm.createContext({ event: { version: "1.0", context: {}, viewer: { ip: VIEWER }, request } });
  return vm.runInContext(`"use strict";\n${code}\nhandler(event)`, context);
}

/** Names and values undecoded; all values of a repeated name beside its first. */
function asCloudFrontShows(query) {
  const shown = {};
  for (const [, name, value] of query.matchAll(/([^&=]+)=?([^&]*)/g)) {
    if (!Object.hasOwn(shown, name)) shown[name] = { value };
    else (shown[name].multiValue ??= [{ value: shown[name].value }]).push({ value });
  }
  return shown;
}

/** What API Gateway reads in the query that CloudFront makes of it, by name. */
function parameters(querystring) {
  const values = (entry) => (entry.multiValue ?? [entry]).map(({ value }) => value);
  const pairs = Object.entries(querystring).flatMap(([name, entry]) => values(entry).map((value) => `${name}=${value}`));
  const read = [...new URLSearchParams(pairs.join("&"))];
  return read.sort(([a], [b]) => (a < b ? -1 : Number(a > b)));
}

for (const { what, path, query, parameters: expected } of cases) {
  test(what, () => {
    const request = handle({ uri: path, query });
    assert.equal(request.uri, "/live");
    assert.deepEqual(parameters(request.querystring), expected);
  });
}

test("other requests keep their path and query", () => {
  for (const uri of ["/api/auth/guest/", "/media_get/", "/health/", "/ws", "/media/ws/x"]) {
    const request = handle({ uri, query: "path=/x/&path=y&a=1" });
    assert.equal(request.uri, uri);
    assert.deepEqual(parameters(request.querystring), [["a", "1"], ["path", "/x/"], ["path", "y"]]);
  }
});

test("the folder of a page is its page, with the slash that the page's addresses go by", () => {
  assert.equal(handle({ uri: "/docs/", query: "a=1" }).uri, "/docs/index.html");
  const { statusCode, headers } = handle({ uri: "/docs" });
  assert.deepEqual([statusCode, headers.location.value], [302, "/docs/"]);
  for (const uri of ["/docs/docs.js", "/docs/index.html", "/docs-x", "/api/docs/"]) assert.equal(handle({ uri }).uri, uri);
});

test("the client's address is CloudFront's word, whatever the client says", () => {
  const claimed = { value: "192.0.2.1", multiValue: [{ value: "192.0.2.1" }, { value: "192.0.2.2" }] };
  for (const uri of ["/ws/feed/", "/api/x"]) {
    const request = handle({ uri, headers: { "parlor-client-address": claimed, origin: { value: "https://a.test" } } });
    assert.equal(JSON.stringify(request.headers["parlor-client-address"]), JSON.stringify({ value: VIEWER }));
    assert.equal(request.headers.origin.value, "https://a.test");
  }
});

test("CloudFront takes it: at most 10 KB, in the JavaScript that its runtime knows", () => {
  assert.ok(Buffer.byteLength(code) < 10 * 1024);
  const unknown = /\bfor\s*\([^;)]*\bof\b|\?\.|\?\?|\.\.\.|\bclass\b|\bimport\b|\bcatch\s*\{|(const|let|var)\s*[[{]/;
  assert.doesNotMatch(code, unknown);
});
